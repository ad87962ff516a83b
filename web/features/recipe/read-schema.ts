import { type NumberRange, rangeOfJsonSchema } from '../../forms/number-range.ts'
import * as z from '../../forms/zod.ts'

type JsonSchema = z.core.JSONSchema.JSONSchema

/** A value's type, which determines its form control. */
export type ValueType =
  | { type: 'NUMBER'; range: NumberRange }
  | { type: 'NUMBER_LIST'; range: NumberRange; maxCount: number }
  | { type: 'FLAG' }
  | { type: 'CHOICE'; options: string[] }

/** A leaf of a schema of nested objects: one value with its own form control. */
export interface SchemaLeaf {
  path: string
  value: ValueType
  /** Undefined if the value is required. */
  defaultValue: unknown
  /** What becomes null if the value is left empty: the value itself, or an object that contains it. */
  nullPath: string | null
  /** The union alternatives that have the value; null if every recipe has it. */
  onlyWhere: { path: string; options: string[] } | null
}

/**
 * The values of a Zod schema in its own order, each once. If several alternatives of a union share a value,
 * the range is that of the first; validation is left to the schema.
 */
export function leavesOf(schema: z.ZodType): SchemaLeaf[] {
  const leaves = new Map<string, SchemaLeaf>()
  for (const leaf of walk(z.toJSONSchema(schema, { io: 'input' }), root)) {
    const known = leaves.get(leaf.path)
    leaves.set(leaf.path, known ? merge(known, leaf) : leaf)
  }
  return [...leaves.values()]
}

type Context = Pick<SchemaLeaf, 'path' | 'defaultValue' | 'nullPath' | 'onlyWhere'>

const root: Context = { path: '', defaultValue: undefined, nullPath: null, onlyWhere: null }

function walk(node: JsonSchema, outer: Context): SchemaLeaf[] {
  const here = { ...outer, defaultValue: node.default === undefined ? outer.defaultValue : node.default }
  const branches = node.anyOf ?? node.oneOf
  if (branches) return walkBranches(branches.filter(isSchema), here)
  if (node.properties)
    return Object.entries(node.properties).flatMap(([key, part]) =>
      isSchema(part) ? walk(part, { ...here, path: here.path ? `${here.path}.${key}` : key }) : [],
    )
  return [{ ...here, value: valueTypeOf(node, here.path) }]
}

function walkBranches(branches: JsonSchema[], here: Context): SchemaLeaf[] {
  const alternatives = branches.filter(({ type }) => type !== 'null')
  const nullPath = alternatives.length < branches.length ? here.path : here.nullPath
  const [only, ...others] = alternatives
  if (only && others.length === 0) return walk(only, { ...here, nullPath })
  return alternatives.flatMap((branch) => {
    const [key, option] = discriminatorOf(branch, here.path)
    const onlyWhere = { path: `${here.path}.${key}`, options: [option] }
    return walk(branch, { ...here, nullPath, onlyWhere }).map((leaf) =>
      leaf.path === onlyWhere.path ? { ...leaf, onlyWhere: null } : leaf,
    )
  })
}

function discriminatorOf({ properties = {} }: JsonSchema, path: string): [key: string, option: string] {
  for (const [key, part] of Object.entries(properties))
    if (isSchema(part) && typeof part.const === 'string') return [key, part.const]
  throw new Error(
    `The alternatives of “${path}” are not told apart by a word, so that no form can offer them.`,
  )
}

function merge(known: SchemaLeaf, next: SchemaLeaf): SchemaLeaf {
  const options = (leaf: SchemaLeaf) => (leaf.value.type === 'CHOICE' ? leaf.value.options : [])
  const isChoice = known.value.type === 'CHOICE'
  return {
    ...known,
    value: isChoice ? { type: 'CHOICE', options: [...options(known), ...options(next)] } : known.value,
    defaultValue: known.defaultValue ?? next.defaultValue,
    onlyWhere: known.onlyWhere && {
      ...known.onlyWhere,
      options: [...known.onlyWhere.options, ...(next.onlyWhere?.options ?? [])],
    },
  }
}

function valueTypeOf(node: JsonSchema, path: string): ValueType {
  if (node.type === 'boolean') return { type: 'FLAG' }
  if (node.type === 'number' || node.type === 'integer')
    return { type: 'NUMBER', range: rangeOfJsonSchema(node) }
  if (typeof node.const === 'string') return { type: 'CHOICE', options: [node.const] }
  if (node.enum) return { type: 'CHOICE', options: node.enum.map(String) }
  if (node.type === 'array' && isSchema(node.items) && isNumber(node.items))
    return {
      type: 'NUMBER_LIST',
      range: rangeOfJsonSchema(node.items),
      maxCount: node.maxItems ?? Number.POSITIVE_INFINITY,
    }
  throw new Error(`No control takes “${path}”, whose JSON schema is ${JSON.stringify(node)}.`)
}

function isNumber({ type }: JsonSchema): boolean {
  return type === 'number' || type === 'integer'
}

/** Excludes `true`, JSON Schema's “anything”, which Zod does not emit for parts that a form could show. */
function isSchema(part: unknown): part is JsonSchema {
  return typeof part === 'object' && part !== null && !Array.isArray(part)
}
