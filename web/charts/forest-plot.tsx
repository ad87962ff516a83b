'use client'

import { useComputedColorScheme } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { chartColours, lineStyle } from './line-style.ts'
import { linearScale } from './linear-scale.ts'

export interface ForestRow {
  key: string
  label: string
  mean: number
  /** Null where there is one seed. */
  interval: readonly [number, number] | null
  seeds: readonly { seed: number; value: number; href: string | undefined }[]
}

const ROW_HEIGHT_PX = 52
const AXIS_HEIGHT_PX = 40
const EDGE_PX = 10

/**
 * Differences around zero: each seed a dot, their mean a diamond on its interval. Seen by eye only: whoever cannot see it
 * reads the table, which has the same figures and links.
 */
export function ForestPlot({
  rows,
  unit,
  format,
}: {
  rows: readonly ForestRow[]
  unit: string
  format: (value: number) => string
}) {
  const scheme = useComputedColorScheme('light')
  const { ref, width } = useElementSize<HTMLDivElement>()
  const { text, grid, axis } = chartColours[scheme]
  const { colour } = lineStyle(0, scheme)
  const all = rows.flatMap(({ mean, interval, seeds }) => [
    mean,
    ...(interval ?? []),
    ...seeds.map(({ value }) => value),
  ])
  const { at, ticks } = linearScale(
    [Math.min(0, ...all), Math.max(0, ...all)],
    [EDGE_PX, Math.max(EDGE_PX + 1, width - EDGE_PX)],
    Math.max(2, Math.floor(width / 90)),
  )
  const bottom = rows.length * ROW_HEIGHT_PX
  return (
    <div ref={ref} className="w-full overflow-hidden" style={{ height: bottom + AXIS_HEIGHT_PX }}>
      {width > 0 && (
        <svg width={width} height={bottom + AXIS_HEIGHT_PX} aria-hidden="true" fontSize={12} fill={text}>
          {ticks.map((tick) => (
            <g key={tick}>
              <line x1={at(tick)} x2={at(tick)} y1={0} y2={bottom} stroke={grid} />
              <text x={at(tick)} y={bottom + 16} textAnchor="middle">
                {format(tick)}
              </text>
            </g>
          ))}
          <line x1={at(0)} x2={at(0)} y1={0} y2={bottom + 4} stroke={text} strokeWidth={1.5} />
          <text x={width / 2} y={bottom + 34} textAnchor="middle">
            {unit}
          </text>
          {rows.map((row, i) => (
            <g key={row.key} transform={`translate(0 ${i * ROW_HEIGHT_PX})`}>
              {i > 0 && <line x1={0} x2={width} y1={0} y2={0} stroke={axis} strokeDasharray="2 4" />}
              <text x={0} y={17} fontWeight={500} stroke="var(--surface)" strokeWidth={5} paintOrder="stroke">
                {row.label}
              </text>
              <Interval row={row} at={at} colour={colour} />
            </g>
          ))}
        </svg>
      )}
    </div>
  )
}

const MIDDLE_PX = 35

function Interval({ row, at, colour }: { row: ForestRow; at: (value: number) => number; colour: string }) {
  const { interval, mean, seeds } = row
  const diamond = `M ${at(mean) - 7} ${MIDDLE_PX} l 7 -7 l 7 7 l -7 7 z`
  return (
    <>
      {interval && (
        <line
          x1={at(interval[0])}
          x2={at(interval[1])}
          y1={MIDDLE_PX}
          y2={MIDDLE_PX}
          stroke={colour}
          strokeWidth={2.5}
        />
      )}
      <path d={diamond} fill={colour} />
      {seeds.map(({ seed, value, href }) => (
        <SeedDot key={seed} href={href}>
          <circle cx={at(value)} cy={MIDDLE_PX} r={4} fill={colour} fillOpacity={0.35} stroke={colour}>
            <title>{`Seed ${seed}`}</title>
          </circle>
        </SeedDot>
      ))}
    </>
  )
}

function SeedDot({ href, children }: { href: string | undefined; children: ReactNode }) {
  if (!href) return children
  return (
    <Link href={href} tabIndex={-1} prefetch={false}>
      {children}
    </Link>
  )
}
