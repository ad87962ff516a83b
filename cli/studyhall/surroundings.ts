/** What the command sees of the world, so that a test can run it in its own process. */
export interface Surroundings {
  env: Record<string, string | undefined>
  /** Results, on stdout. */
  print: (text: string) => void
  /** Progress and explanations, on stderr. */
  tell: (text: string) => void
  /** A person watches stderr, which can be rewritten in place. */
  isTerminal: boolean
  /** Input that was piped in; null where a person would have to type it. */
  readInput: (() => Promise<string>) | null
  /** Aborted by Ctrl-C. */
  signal: AbortSignal
}
