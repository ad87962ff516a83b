import type { LogLevel, LogSource } from '../../contract/runs/run-events.ts'

/**
 * `2026-01-31 12:00:00.123456: W tensorflow/core/file.cc:12] …`; XLA and TSL, parts of TensorFlow, use it,
 * too.
 */
const DATED = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?: ([IWEF]) \S+/
/** `W0000 00:00:1761000000.123456  4711 file.cc:12] …`, the format of newer parts of TensorFlow. */
const DAY_NUMBERED = /^([IWEF])\d{4} \d\d:\d\d:\S+\s+\d+ [^\s:]+:\d+\]/

const LEVELS: Record<string, LogLevel> = { I: 'INFO', W: 'WARN', E: 'ERROR', F: 'ERROR' }

/** Derives the source and level of a line printed by the training process from its format and stream. */
export function classifyLine(
  line: string,
  stream: 'stdout' | 'stderr',
): { source: LogSource; level: LogLevel } {
  const letter = (DATED.exec(line) ?? DAY_NUMBERED.exec(line))?.[1]
  if (letter) return { source: 'TENSORFLOW', level: LEVELS[letter] ?? 'WARN' }
  return { source: 'TRAINING', level: stream === 'stderr' ? 'WARN' : 'INFO' }
}
