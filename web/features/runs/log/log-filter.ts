'use client'

import { useState } from 'react'
import type { LogLevel, LogSource } from '../../../../contract/runs/run-events.ts'
import { useUrlParameter } from '../../../design/use-url-parameter.ts'
import type { LogLine } from '../live/log-tail.ts'

export const sourceWords: Record<LogSource, string> = {
  WORKER: 'Worker',
  TRAINING: 'Training',
  TENSORFLOW: 'TensorFlow',
}
const ranks: Record<LogLevel, number> = { INFO: 0, WARN: 1, ERROR: 2 }

export interface LogFilter {
  /** Minimum level. */
  level: LogLevel
  source: LogSource | null
  /** Case-insensitive search text. */
  find: string
}

/** Level and source are kept in the URL, so that a link leads to the same lines. */
export function useLogFilter() {
  const [level, setLevel] = useUrlParameter('level')
  const [source, setSource] = useUrlParameter('source')
  const [find, setFind] = useState('')
  const filter: LogFilter = {
    level: level !== null && level in ranks ? (level as LogLevel) : 'INFO',
    source: source !== null && source in sourceWords ? (source as LogSource) : null,
    find,
  }
  return {
    filter,
    setLevel: (next: string | null) => setLevel(next === 'INFO' ? null : next),
    setSource,
    setFind,
    clear: () => {
      setLevel(null)
      setSource(null)
      setFind('')
    },
  }
}

export function filterLines(lines: readonly LogLine[], { level, source, find }: LogFilter): LogLine[] {
  const sought = find.trim().toLowerCase()
  return lines.filter(
    (line) =>
      ranks[line.level] >= ranks[level] &&
      (source === null || line.source === source) &&
      line.text.toLowerCase().includes(sought),
  )
}
