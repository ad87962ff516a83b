'use client'

import { useComputedColorScheme } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useRouter } from 'next/navigation'
import { type KeyboardEvent, type MouseEvent, useState } from 'react'
import { chartColours, lineStyle, type Scheme } from '../line-style.ts'
import { linearScale } from '../linear-scale.ts'
import { logarithmicScale } from './logarithmic-scale.ts'
import { outlineOf, type PointShape } from './point-shape.ts'

export interface PlottedPoint {
  id: string
  /** Where it is read, and what is spoken of it. */
  label: string
  href: string
  x: number
  y: number
  shape: PointShape
  /** Index of its colour. */
  colour: number
  isHollow: boolean
}

interface Props {
  /** Ascending by x. */
  points: readonly PlottedPoint[]
  /** Of the line through the best ones, ascending by x. */
  frontier: readonly { x: number; y: number }[]
  description: string
  formatX: (x: number) => string
  formatY: (y: number) => string
  xTitle: string
  onChoose: (id: string | null) => void
}

const HEIGHT_PX = 300
const LEFT_PX = 56
const BOTTOM_PX = 44
const EDGE_PX = 14

/** Points that can be walked through by arrow keys, and lead somewhere. */
export function ScatterPlot({ points, frontier, description, formatX, formatY, xTitle, onChoose }: Props) {
  const scheme = useComputedColorScheme('light')
  const { ref, width } = useElementSize<HTMLDivElement>()
  const [current, setCurrent] = useState(0)
  const { text, grid } = chartColours[scheme]
  const right = Math.max(LEFT_PX + 1, width - EDGE_PX)
  const xs = points.map(({ x }) => x)
  const ys = points.map(({ y }) => y)
  const x = logarithmicScale([Math.min(...xs), Math.max(...xs)], [LEFT_PX + EDGE_PX, right], width / 90)
  const y = linearScale([Math.min(...ys), Math.max(...ys)], [HEIGHT_PX - BOTTOM_PX, EDGE_PX], 5)
  const choose = (at: number, isChosen = true) => {
    setCurrent(at)
    onChoose(isChosen ? (points[at]?.id ?? null) : null)
  }
  const walk = (event: KeyboardEvent<HTMLDivElement>) => {
    const to = nextPlace(event.key, current, points.length)
    if (to === null) return
    event.preventDefault()
    event.currentTarget.querySelectorAll<SVGElement>('a')[to]?.focus()
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields
    <div
      ref={ref}
      role="group"
      aria-label={description}
      onKeyDown={walk}
      className="relative w-full overflow-hidden"
      style={{ height: HEIGHT_PX }}
    >
      {width > 0 && (
        <>
          <svg
            width={width}
            height={HEIGHT_PX}
            aria-hidden="true"
            className="absolute"
            fontSize={12}
            fill={text}
          >
            {y.ticks.map((tick) => (
              <g key={tick}>
                <line x1={LEFT_PX} x2={width} y1={y.at(tick)} y2={y.at(tick)} stroke={grid} />
                <text x={LEFT_PX - 8} y={y.at(tick) + 4} textAnchor="end">
                  {formatY(tick)}
                </text>
              </g>
            ))}
            {x.ticks.map((tick) => (
              <g key={tick}>
                <line x1={x.at(tick)} x2={x.at(tick)} y1={EDGE_PX} y2={HEIGHT_PX - BOTTOM_PX} stroke={grid} />
                <text x={x.at(tick)} y={HEIGHT_PX - BOTTOM_PX + 16} textAnchor="middle">
                  {formatX(tick)}
                </text>
              </g>
            ))}
            <text x={(LEFT_PX + right) / 2} y={HEIGHT_PX - 6} textAnchor="middle">
              {xTitle}
            </text>
            <path
              d={stairs(frontier, x.at, y.at, right)}
              fill="none"
              stroke={text}
              strokeWidth={1.5}
              strokeDasharray="5 4"
            />
          </svg>
          {/* biome-ignore lint/a11y/noSvgWithoutTitle: the group around it is labelled, and so is every link in it */}
          <svg width={width} height={HEIGHT_PX} className="relative">
            {points.map((point, i) => (
              <PointLink
                key={point.id}
                point={point}
                at={[x.at(point.x), y.at(point.y)]}
                scheme={scheme}
                isTabStop={i === Math.min(current, points.length - 1)}
                onChoose={(isChosen) => choose(i, isChosen)}
              />
            ))}
          </svg>
        </>
      )}
    </div>
  )
}

interface PointLinkProps {
  point: PlottedPoint
  at: [x: number, y: number]
  scheme: Scheme
  isTabStop: boolean
  onChoose: (isChosen: boolean) => void
}

function PointLink({ point, at: [x, y], scheme, isTabStop, onChoose }: PointLinkProps) {
  const router = useRouter()
  const { colour } = lineStyle(point.colour, scheme)
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    router.push(point.href)
  }
  return (
    <g transform={`translate(${x.toFixed(1)} ${y.toFixed(1)})`}>
      <a
        href={point.href}
        aria-label={point.label}
        tabIndex={isTabStop ? 0 : -1}
        className="scatter-point"
        onClick={follow}
        onFocus={() => onChoose(true)}
        onBlur={() => onChoose(false)}
        onMouseEnter={() => onChoose(true)}
        onMouseLeave={() => onChoose(false)}
      >
        {/* What is pointed at is larger than what is seen. */}
        <circle r={12} fill="transparent" />
        <path
          d={outlineOf(point.shape)}
          fill={point.isHollow ? 'var(--surface)' : colour}
          stroke={colour}
          strokeWidth={2}
        />
      </a>
    </g>
  )
}

function nextPlace(key: string, current: number, count: number): number | null {
  if (key === 'ArrowRight' || key === 'ArrowDown') return Math.min(count - 1, current + 1)
  if (key === 'ArrowLeft' || key === 'ArrowUp') return Math.max(0, current - 1)
  if (key === 'Home') return 0
  return key === 'End' ? count - 1 : null
}

/** From each of the best to the next one's cost the score stays the same, and then it rises. */
function stairs(
  frontier: readonly { x: number; y: number }[],
  x: (value: number) => number,
  y: (value: number) => number,
  right: number,
): string {
  const [first, ...others] = frontier
  if (!first) return ''
  const steps = others.map((point) => `H${x(point.x).toFixed(1)} V${y(point.y).toFixed(1)}`)
  return `M${x(first.x).toFixed(1)} ${y(first.y).toFixed(1)} ${steps.join(' ')} H${right}`
}
