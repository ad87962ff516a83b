import type { Writable } from 'node:stream'

export interface Step {
  name: string
  title: string
  needs?: string[]
  isCurrent(): boolean | Promise<boolean>
  run(tools: { signal: AbortSignal; tell: (detail: string) => void }): unknown
}
export interface Display {
  begin(title: string): { tell(detail: string): void; done(detail: string): void; failed(): void }
  current(title: string): void
  print(text: string): void
  close(): void
}
/** Runs each step as soon as those it needs are done; returns how many did something, throws the first failure. */
export function runSteps(steps: Step[], options: { signal: AbortSignal; display: Display }): Promise<number>
export function createDisplay(options: { stream?: Writable; isQuiet?: boolean }): Display
