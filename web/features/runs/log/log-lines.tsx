'use client'

import { Button, Highlight } from '@mantine/core'
import { IconArrowDown } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import type { LogLevel } from '../../../../contract/runs/run-events.ts'
import { formatLogTime } from '../../../design/format-time.ts'
import type { LogLine } from '../live/log-tail.ts'
import { sourceWords } from './log-filter.ts'
import { useFollow } from './use-follow.ts'

const LINE_PX = 26
const levels: Record<LogLevel, { word: string; color: string }> = {
  INFO: { word: 'Info', color: 'text-[var(--mantine-color-dimmed)]' },
  WARN: { word: 'Warning', color: 'text-[#8a5200] dark:text-[#f0b429]' },
  ERROR: { word: 'Error', color: 'font-semibold text-[#c02020] dark:text-[#ff8787]' },
}

/** A virtualized, scrollable list of log lines. */
export function LogLines({ lines, find }: { lines: readonly LogLine[]; find: string }) {
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_PX,
    getItemKey: (index) => lines[index]?.seq ?? index,
    overscan: 12,
  })
  const { following, follow, onScroll, onKeyDown } = useFollow(scroller, rows.getTotalSize())
  return (
    <div className="relative border-t border-[var(--line)]">
      <div
        ref={scroller}
        className="numbers max-h-[min(60vh,640px)] overflow-y-auto bg-[var(--surface-muted)] py-2 font-mono text-xs leading-[18px]"
        // Several lines may arrive per second, so they are not announced.
        role="log"
        aria-live="off"
        aria-label="Lines of the log"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
        tabIndex={0}
        onScroll={onScroll}
        onKeyDown={onKeyDown}
      >
        <div className="relative" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ key, index, start }) => (
            <div
              key={key}
              ref={rows.measureElement}
              data-index={index}
              className="absolute top-0 left-0 w-full px-4 py-1 hover:bg-[var(--hover)] sm:px-5"
              style={{ transform: `translateY(${start}px)` }}
            >
              <Line line={lines[index]} find={find} />
            </div>
          ))}
        </div>
      </div>
      {!following && (
        <Button
          className="!absolute right-4 bottom-4 shadow-md"
          size="xs"
          leftSection={<IconArrowDown size={14} />}
          onClick={follow}
        >
          Follow the newest
        </Button>
      )}
    </div>
  )
}

function Line({ line, find }: { line: LogLine | undefined; find: string }) {
  if (!line) return null
  const { word, color } = levels[line.level]
  return (
    <div className="flex flex-wrap gap-x-3 md:grid md:grid-cols-[112px_56px_76px_72px_1fr]">
      <time dateTime={line.at} className="whitespace-nowrap text-[var(--mantine-color-dimmed)]">
        {formatLogTime(line.at)}
      </time>
      <span className={color}>{word}</span>
      <span className="text-[var(--mantine-color-dimmed)]">{sourceWords[line.source]}</span>
      <span className="text-[var(--mantine-color-dimmed)]">Attempt {line.attempt}</span>
      <Highlight
        component="span"
        inherit
        highlight={find.trim()}
        highlightStyles={{ background: '#ffe066', color: '#1a1a1a' }}
        className="w-full min-w-0 whitespace-pre-wrap [overflow-wrap:anywhere]"
      >
        {line.text}
      </Highlight>
    </div>
  )
}
