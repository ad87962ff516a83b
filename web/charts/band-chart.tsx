'use client'

import { useComputedColorScheme } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { formatCount } from '../design/format-numbers.ts'
import type { Line } from './chart-data.ts'
import { chartColours } from './line-style.ts'
import { linearScale } from './linear-scale.ts'

/** A line with the band of one deviation around it. */
export interface Band extends Line {
  deviations: readonly (number | null)[]
}

const HEIGHT_PX = 260
const LEFT_PX = 52
const BOTTOM_PX = 24

/** Means over seeds with their deviation. */
export function BandChart({
  bands,
  description,
  format,
}: {
  bands: readonly Band[]
  description: string
  format: (value: number) => string
}) {
  const scheme = useComputedColorScheme('light')
  const { ref, width } = useElementSize<HTMLDivElement>()
  const { text, grid } = chartColours[scheme]
  const edges = bands.flatMap((band) => band.values.map((_, i) => edgesAt(band, i))).flat()
  const steps = bands.flatMap((band) => band.steps)
  const x = linearScale([0, Math.max(1, ...steps)], [LEFT_PX, Math.max(LEFT_PX + 1, width - 8)], width / 110)
  const y = linearScale([Math.min(...edges), Math.max(...edges)], [HEIGHT_PX - BOTTOM_PX, 8], 5)
  return (
    <div ref={ref} className="w-full overflow-hidden" style={{ height: HEIGHT_PX }}>
      {width > 0 && (
        <svg width={width} height={HEIGHT_PX} role="img" aria-label={description} fontSize={12} fill={text}>
          {y.ticks.map((tick) => (
            <g key={tick}>
              <line x1={LEFT_PX} x2={width} y1={y.at(tick)} y2={y.at(tick)} stroke={grid} />
              <text x={LEFT_PX - 8} y={y.at(tick) + 4} textAnchor="end">
                {format(tick)}
              </text>
            </g>
          ))}
          {x.ticks
            .filter((tick) => tick >= 0 && Number.isInteger(tick))
            .map((tick) => (
              <text key={tick} x={x.at(tick)} y={HEIGHT_PX - 6} textAnchor="middle">
                {formatCount(tick)}
              </text>
            ))}
          {bands.map((band) => (
            <g key={band.label}>
              <path d={outlineOf(band, x.at, y.at)} fill={band.colour} fillOpacity={0.15} />
              <path
                d={pathOf(band.steps.map((step, i) => [x.at(step), y.at(band.values[i] as number)]))}
                fill="none"
                stroke={band.colour}
                strokeWidth={2}
                strokeDasharray={band.dash.join(' ') || undefined}
              />
            </g>
          ))}
        </svg>
      )}
    </div>
  )
}

function edgesAt({ values, deviations }: Band, i: number): [number, number] {
  const [value, deviation] = [values[i] as number, deviations[i] ?? 0]
  return [value - deviation, value + deviation]
}

function outlineOf(band: Band, x: (step: number) => number, y: (value: number) => number): string {
  const along = (edge: 0 | 1) =>
    band.steps.map((step, i): [number, number] => [x(step), y(edgesAt(band, i)[edge])])
  return `${pathOf([...along(1), ...along(0).toReversed()])} Z`
}

function pathOf(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'} ${x.toFixed(1)} ${y.toFixed(1)}`).join(' ')
}
