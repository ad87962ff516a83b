import { z } from 'zod'
import { AppError } from '../errors.ts'
import type { Ask } from './ask.ts'

/** What a tool works with. */
export interface Toolbox {
  ask: Ask
  /** Of the key's team. */
  teamId: string
  /** Ends when whoever asked goes away. */
  signal: AbortSignal
}

/** Something that an agent can do. */
export interface Tool<Shape extends z.ZodRawShape = z.ZodRawShape> {
  title: string
  /** For the agent: what it does, and when to use it. */
  description: string
  input: Shape
  /** It changes nothing. */
  readOnly: boolean
  run(toolbox: Toolbox, input: z.output<z.ZodObject<Shape>>): Promise<Record<string, unknown>>
}

/** Lets a tool's `run` see the types of its input. */
export function tool<Shape extends z.ZodRawShape>(definition: Tool<Shape>): Tool {
  return definition as unknown as Tool
}

export const Id = z.string().min(1).max(64)
/** By which people refer to a run or an experiment. */
export const NumberInTeam = z
  .int()
  .min(1)
  .max(2 ** 31 - 1)

/** @throws AppError NOT_FOUND */
export function found<Value>(value: Value | null | undefined, what: string): Value {
  if (value != null) return value
  throw new AppError('NOT_FOUND', `There is no such ${what} in the team of this key.`)
}

/** The last `digits` decimals are noise to whoever reads. */
export function rounded(value: number | null | undefined, digits = 4): number | null {
  return value == null || !Number.isFinite(value) ? null : Number(value.toFixed(digits))
}
