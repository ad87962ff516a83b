'use client'

import { ActionIcon, Text, Tooltip } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconFileDownload, IconPhotoDown, IconTable } from '@tabler/icons-react'
import { useMemo, useRef, useState } from 'react'
import { formatCount } from '../design/format-numbers.ts'
import { Panel } from '../design/panel.tsx'
import type { ChartView, Line } from './chart-data.ts'
import { ChartLegend } from './chart-legend.tsx'
import { ChartTable } from './chart-table.tsx'
import { LineChart } from './line-chart.tsx'
import { saveCsv } from './save-csv.ts'
import { savePng } from './save-png.ts'
import { smooth } from './smooth.ts'

const HEIGHT = 250

interface Props {
  title: string
  lines: readonly Line[]
  /** Labels of hidden lines. */
  hidden: readonly string[]
  onToggle: (label: string) => void
  view: ChartView
  format: (value: number | null) => string
  formatAxis: (value: number) => string
  syncKey: string
  fileName: string
  /** Shown if no line has a point. */
  emptyWords: string
}

/** A chart with its legend, and its data as a table or a CSV file. */
export function ChartPanel(props: Props) {
  const { title, lines, hidden, onToggle, view, format, formatAxis, syncKey, fileName, emptyWords } = props
  const shown = useMemo(() => lines.filter(({ label }) => !hidden.includes(label)), [lines, hidden])
  const frame = useRef<HTMLDivElement>(null)
  const [cursor, setCursor] = useState<{ x: number; values: (number | null)[] } | null>(null)
  const [tableShown, { toggle }] = useDisclosure(false)
  const unit = view.unit ?? (view.stepsPerUnit === 1 ? 'step' : 'epoch')
  const values = new Map(
    shown.map(({ label, values }, i) => [
      label,
      cursor ? (cursor.values[i] ?? null) : lastOf(values, view.smoothing),
    ]),
  )
  const spoken = shown
    .map(({ label, values }) => `${label} ${format(lastOf(values, view.smoothing))}`)
    .join(', ')
  const empty = lines.every(({ steps }) => steps.length === 0)
  return (
    <Panel
      title={title}
      actions={
        <>
          <Text size="xs" c="dimmed" className="numbers" aria-hidden>
            {cursor ? `${unit} ${formatX(cursor.x, unit)}` : ''}
          </Text>
          <Tooltip label="Save as PNG">
            <ActionIcon
              aria-label={`Save ${title} as PNG`}
              disabled={empty}
              onClick={() => void savePng(fileName, frame.current?.querySelector('canvas'))}
            >
              <IconPhotoDown size={17} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Save as CSV">
            <ActionIcon
              aria-label={`Save ${title} as CSV`}
              disabled={empty}
              onClick={() => saveCsv(fileName, lines)}
            >
              <IconFileDownload size={17} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label={tableShown ? 'Hide the table' : 'Show as a table'}>
            <ActionIcon
              aria-label={`${title} as a table`}
              aria-expanded={tableShown}
              variant={tableShown ? 'light' : 'subtle'}
              onClick={toggle}
            >
              <IconTable size={17} />
            </ActionIcon>
          </Tooltip>
        </>
      }
    >
      <ChartLegend lines={lines} values={values} format={format} hidden={hidden} onToggle={onToggle} />
      <div ref={frame} className="relative mt-2">
        {empty && (
          <Text
            size="sm"
            c="dimmed"
            className="absolute inset-0 grid place-items-center rounded-md border border-dashed border-[var(--line)]"
          >
            {emptyWords}
          </Text>
        )}
        <LineChart
          hidden={empty}
          lines={shown}
          view={view}
          height={HEIGHT}
          description={`${title} by ${unit}. Last: ${spoken}.`}
          formatX={(x) => formatX(x, unit)}
          formatY={formatAxis}
          syncKey={syncKey}
          onCursor={setCursor}
        />
      </div>
      {tableShown && <ChartTable lines={lines} title={title} format={format} />}
    </Panel>
  )
}

function formatX(x: number, unit: 'step' | 'epoch' | 'day'): string {
  // Of few steps the axis would count halves.
  if (unit !== 'epoch') return Number.isInteger(x) ? formatCount(x) : ''
  return String(Number(x.toFixed(2)))
}

function lastOf(values: readonly number[], smoothing: number): number | null {
  return (smoothing > 0 ? smooth(values, smoothing) : values).at(-1) ?? null
}
