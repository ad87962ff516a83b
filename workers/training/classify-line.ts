import type { LogLevel, LogSource } from '../../contract/run-events.ts'

/** `2026-01-31 12:00:00.123456: W tensorflow/core/file.cc:12] …`, and XLA's and TSL's, which are TensorFlow's parts. */
const DATED = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?: ([IWEF]) \S+/
/** `W0000 00:00:1761000000.123456  4711 file.cc:12] …`, as its newer parts write. */
const DAY_NUMBERED = /^([IWEF])\d{4} \d\d:\d\d:\S+\s+\d+ [^\s:]+:\d+\]/

const LEVELS: Record<string, LogLevel> = { I: 'INFO', W: 'WARN', E: 'ERROR', F: 'ERROR' }

/** Who printed a line of the training process and how much it matters, told by its form and by where it was printed. */
export function classifyLine(
  line: string,
  stream: 'stdout' | 'stderr',
): { source: LogSource; level: LogLevel } {
  const letter = (DATED.exec(line) ?? DAY_NUMBERED.exec(line))?.[1]
  if (letter) return { source: 'TENSORFLOW', level: LEVELS[letter] ?? 'WARN' }
  return { source: 'TRAINING', level: stream === 'stderr' ? 'WARN' : 'INFO' }
}
