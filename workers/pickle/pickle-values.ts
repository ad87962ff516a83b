import { PickleError } from './pickle-source.ts'

/** What every pickle may have beside plain values, by its kind. */
interface Containers<Made> {
  list: { kind: 'list'; items: PickleValue<Made>[] }
  tuple: { kind: 'tuple'; items: PickleValue<Made>[] }
  dictionary: PickleDictionary<Made>
  name: { kind: 'name'; name: string }
}

export interface PickleDictionary<Made> {
  kind: 'dictionary'
  entries: Map<string, PickleValue<Made>>
}

/** @template Made  what only a certain kind of file has */
export type PickleValue<Made> =
  | null
  | boolean
  | number
  | string
  | Containers<Made>[keyof Containers<Made>]
  | Made

type Kinds<Value> = Extract<Value, { kind: string }>
type OfKind<Value, Kind> = Extract<Value, { kind: Kind }>

export function isKind<Value, Kind extends Kinds<Value>['kind']>(
  value: Value,
  kind: Kind,
): value is OfKind<Value, Kind> {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind
}

/** @throws PickleError where it is of another kind */
export function asKind<Value, Kind extends Kinds<Value>['kind']>(
  value: Value,
  kind: Kind,
): OfKind<Value, Kind> {
  if (isKind(value, kind)) return value
  throw new PickleError(`a ${kind} was expected in it, and something else is there`)
}

/** The same while it is open what a file has beside. @throws PickleError where it is of another kind */
export function asContainer<Made, Kind extends keyof Containers<Made>>(
  value: PickleValue<Made> | undefined,
  kind: Kind,
): Containers<Made>[Kind] {
  const found: unknown = asKind(value as Containers<Made>[keyof Containers<Made>], kind)
  return found as Containers<Made>[Kind]
}
