import { type ChartView, chartData, columnsOf, type Line, unitOf } from './chart-data.ts'
import { chartColours, type Scheme } from './line-style.ts'
import { linearScale } from './linear-scale.ts'
import { logTicks } from './log-ticks.ts'
import { formatX, TIME_STEPS } from './x-axis.ts'
import { rangeWithoutOutliers } from './y-range.ts'

export interface ChartPicture {
  title: string
  lines: readonly Line[]
  view: ChartView
  zoom: readonly [number, number] | null
  formatY: (value: number) => string
  scheme: Scheme
}

const WIDTH = 960
/** Of the plot alone: legends of many lines make the drawing higher. */
const PLOT_HEIGHT = 358
const LEFT = 72
const RIGHT = 24
const BOTTOM = 56
const TITLE = 34
const LEGEND_ROW = 22
const LEGEND_COLUMNS = 4
const SURFACES = { light: '#ffffff', dark: '#101013' }

interface Scale {
  at: (value: number) => number
  ticks: readonly number[]
}

/** A chart as a drawing of its own, with title and legend, as its page shows it. */
export function chartSvg(picture: ChartPicture): string {
  const { title, lines, view, scheme } = picture
  const { text, grid } = chartColours[scheme]
  const unit = unitOf(view)
  const top = TITLE + 10 + LEGEND_ROW * Math.ceil(lines.length / LEGEND_COLUMNS)
  const bottom = top + PLOT_HEIGHT
  const height = bottom + BOTTOM
  const drawn = curvesOf(picture)
  const x = xScale(picture, drawn)
  const y = yScale(view, drawn, top)
  const parts = [
    `<rect width="${WIDTH}" height="${height}" fill="${SURFACES[scheme]}"/>`,
    `<text x="${LEFT}" y="26" font-size="17" font-weight="600">${escapeXml(title)}</text>`,
    ...lines.map((line, i) => legendEntry(line, i)),
    ...y.ticks.map(
      (tick) =>
        `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${px(y.at(tick))}" y2="${px(y.at(tick))}" stroke="${grid}"/>` +
        `<text x="${LEFT - 8}" y="${px(y.at(tick) + 4)}" text-anchor="end">${escapeXml(picture.formatY(tick))}</text>`,
    ),
    ...x.ticks.map(
      (tick) =>
        `<text x="${px(x.at(tick))}" y="${bottom + 20}" text-anchor="middle">${formatX(tick, unit)}</text>`,
    ),
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${height - 12}" text-anchor="middle">${unit}</text>`,
    `<clipPath id="plot"><rect x="${LEFT}" y="${top}" width="${WIDTH - LEFT - RIGHT}" height="${PLOT_HEIGHT}"/></clipPath>`,
    `<g clip-path="url(#plot)" fill="none">${drawn.map((curve) => strokeOf(curve, x, y)).join('')}</g>`,
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="13" fill="${text}">${parts.join('')}</svg>\n`
}

interface Curve {
  line: Line
  part: 'band' | 'faint' | 'line'
  /** Of a band: along its upper edge and back along its lower one. */
  points: (readonly [number, number])[]
}

function curvesOf({ lines, view, zoom }: ChartPicture): Curve[] {
  const [xs = [], ...columns] = chartData(lines, view)
  const [from, to] = zoom ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  const pointsOf = (column: ArrayLike<number | null | undefined> | undefined) =>
    Array.from(xs, (x, i) => [x, column?.[i] ?? null] as const).filter(
      (point): point is readonly [number, number] => point[1] !== null && point[0] >= from && point[0] <= to,
    )
  return columnsOf(lines, view).flatMap(({ line, part }, i): Curve[] => {
    if (part === 'lower') return []
    const points = pointsOf(columns[i])
    if (part === 'upper')
      return [{ line, part: 'band', points: [...points, ...pointsOf(columns[i + 1]).toReversed()] }]
    return [{ line, part: part === 'raw' && view.smoothing > 0 ? 'faint' : 'line', points }]
  })
}

function xScale({ view, zoom }: ChartPicture, curves: readonly Curve[]): Scale {
  const last = Math.max(0, ...curves.map(({ points }) => Math.max(0, ...points.map(([x]) => x))))
  const [from, to] = zoom ?? [0, last || 1]
  const at = (value: number) => LEFT + ((value - from) / (to - from)) * (WIDTH - LEFT - RIGHT)
  const unit = unitOf(view)
  const round = linearScale([from, to], [0, 1], 8).ticks.filter(
    (tick) => unit === 'epoch' || Number.isInteger(tick),
  )
  const ticks = unit === 'time' ? timeTicks(from, to) : round
  return { at, ticks: ticks.filter((tick) => tick >= from && tick <= to) }
}

function timeTicks(from: number, to: number): number[] {
  const step = TIME_STEPS.find((one) => (to - from) / one <= 8) ?? (TIME_STEPS.at(-1) as number)
  const first = Math.ceil(from / step)
  return Array.from({ length: Math.max(0, Math.floor(to / step) - first + 1) }, (_, i) => (first + i) * step)
}

function yScale({ logarithmic, withoutOutliers }: ChartView, curves: readonly Curve[], top: number): Scale {
  const values = curves.flatMap(({ points }) => points.map(([, value]) => value))
  const bounds = withoutOutliers
    ? rangeWithoutOutliers(values, logarithmic)
    : values.length > 0
      ? ([values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))] as const)
      : null
  const [low, high] = bounds ?? [logarithmic ? 0.1 : 0, 1]
  const bottom = top + PLOT_HEIGHT
  if (!logarithmic) return linearScale([low, high], [bottom, top], 6)
  const [first, last] = [Math.log10(low), Math.log10(high > low ? high : low * 10)]
  return {
    at: (value) => bottom - ((Math.log10(value) - first) / (last - first)) * PLOT_HEIGHT,
    ticks: logTicks(10 ** first, 10 ** last),
  }
}

function strokeOf({ line, part, points }: Curve, x: Scale, y: Scale): string {
  const path = points
    .map(([at, value], i) => `${i === 0 ? 'M' : 'L'}${px(x.at(at))} ${px(y.at(value))}`)
    .join('')
  if (path === '') return ''
  if (part === 'band') return `<path d="${path}Z" fill="${line.colour}" fill-opacity="0.15"/>`
  if (part === 'faint') return `<path d="${path}" stroke="${line.colour}" stroke-opacity="0.27"/>`
  const dash = line.dash.length > 0 ? ` stroke-dasharray="${line.dash.join(' ')}"` : ''
  return `<path d="${path}" stroke="${line.colour}" stroke-width="2"${dash}/>`
}

function legendEntry({ label, colour, dash }: Line, i: number): string {
  const width = (WIDTH - LEFT - RIGHT) / LEGEND_COLUMNS
  const x = LEFT + (i % LEGEND_COLUMNS) * width
  const y = TITLE + 14 + LEGEND_ROW * Math.floor(i / LEGEND_COLUMNS)
  return (
    `<line x1="${px(x)}" x2="${px(x + 22)}" y1="${y - 4}" y2="${y - 4}" stroke="${colour}" stroke-width="2.5" stroke-dasharray="${dash.map((one) => one * 0.6).join(' ')}"/>` +
    `<text x="${px(x + 30)}" y="${y}">${escapeXml(label)}</text>`
  )
}

function px(value: number): string {
  return value.toFixed(1)
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
