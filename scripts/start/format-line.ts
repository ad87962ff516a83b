import { z } from 'zod'

const LEVELS: Record<number, string> = { 40: 'warning: ', 50: 'error: ', 60: 'fatal: ' }
const NAME_WIDTH = 6

const LogLine = z.object({
  level: z.number(),
  msg: z.string(),
  /** The thrown value, usually an error. */
  err: z
    .union([z.object({ message: z.string() }).transform(({ message }) => message), z.string()])
    .optional()
    .catch(undefined),
})

/**
 * Formats a process's line for the terminal: its name and the message of a JSON log line, or the line as it
 * is.
 */
export function formatLine(name: string, line: string): string {
  const entry = readLogLine(line)
  const text = entry ? `${LEVELS[entry.level] ?? ''}${entry.msg}${entry.err ? ` (${entry.err})` : ''}` : line
  return `${name.padEnd(NAME_WIDTH)} │ ${text}`
}

function readLogLine(line: string) {
  if (!line.startsWith('{')) return undefined
  try {
    return LogLine.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}
