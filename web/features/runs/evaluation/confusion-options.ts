import { chartColours } from '../../../charts/line-style.ts'

/** Shades for shares from 0 to 1, with the strongest contrast for 1 in either colour scheme. */
const shades = {
  light: ['#f4f4f8', '#c3c7f5', '#7d83e6', '#3a3fb5'],
  dark: ['#1d1d23', '#34377d', '#5c62cf', '#b9bdff'],
} as const
const marks = { light: '#c2255c', dark: '#ff8fb8' } as const

/** How many class names fit; with more classes only some are labelled, and the tooltip shows the others. */
const MAX_NAMES = 34
const NARROW_PIXELS = 420
const MAX_NAMES_NARROW = 10

/** Up to this many classes a side, every cell has room for its number of images. */
const MAX_NUMBERED = 20
const MAX_NUMBERED_NARROW = 10
/** On the darker (in the dark scheme, brighter) shades from here on, numbers have the colour of the page. */
const STRONG_SHADE = 0.75
const numbers = { light: ['#1b1b21', '#ffffff'], dark: ['#f2f2f5', '#141418'] } as const

/** The visible part of the matrix. */
export interface ShownMatrix {
  rows: string[]
  columns: string[]
  /** Indices into `rows` and `columns`, image count, and share of the row's class. */
  cells: { row: number; column: number; count: number; share: number }[]
  /** The cell described in words. */
  chosen: { row: number; column: number } | null
}

/** ECharts options of the heatmap. */
export function confusionOptions(matrix: ShownMatrix, scheme: 'light' | 'dark', width: number) {
  const { rows, columns, cells, chosen } = matrix
  const { text, axis } = chartColours[scheme]
  const hasNames = width > NARROW_PIXELS || rows.length <= MAX_NAMES_NARROW
  const step = Math.ceil(rows.length / (width > NARROW_PIXELS ? MAX_NAMES : MAX_NAMES_NARROW))
  const margin = width > NARROW_PIXELS ? 96 : 76
  const named = (data: string[], name: string) => ({
    type: 'category' as const,
    data,
    name,
    nameLocation: 'middle' as const,
    nameGap: hasNames ? margin - 18 : 12,
    nameTextStyle: { color: text },
    axisLabel: {
      show: hasNames,
      color: text,
      interval: step - 1,
      width: margin - 26,
      overflow: 'truncate' as const,
      hideOverlap: true,
    },
    axisLine: { lineStyle: { color: axis } },
    axisTick: { show: false },
    splitArea: { show: false },
  })
  const across = named(columns, 'taken for')
  const mark = { borderColor: marks[scheme], borderWidth: 2 }
  const isChosen = (row: number, column: number) => row === chosen?.row && column === chosen.column
  const known = cells.map(({ row, column, count, share }) => ({
    // The square root makes a share of 1 % visible beside one of 100 %.
    value: [column, row, Math.sqrt(share), count, share],
    ...(isChosen(row, column) ? { itemStyle: mark } : {}),
    label: { color: numbers[scheme][Math.sqrt(share) > STRONG_SHADE ? 1 : 0] },
  }))
  const isKnown = cells.some(({ row, column }) => isChosen(row, column))
  const empty = chosen && !isKnown ? [{ value: [chosen.column, chosen.row, 0, 0, 0], itemStyle: mark }] : []
  return {
    animation: false,
    grid: {
      ...{ left: hasNames ? margin : 30, right: 10, top: 10, bottom: hasNames ? margin + 4 : 30 },
      ...{ show: true, borderColor: axis },
    },
    xAxis: { ...across, axisLabel: { ...across.axisLabel, rotate: 45 } },
    yAxis: { ...named(rows, 'class'), inverse: true },
    visualMap: { show: false, dimension: 2, min: 0, max: 1, inRange: { color: [...shades[scheme]] } },
    tooltip: {
      confine: true,
      formatter: ({ value }: { value: [number, number, number, number, number] }) =>
        `${escapeHtml(rows[value[1]])} taken for ${escapeHtml(columns[value[0]])}: ${value[3]} (${(100 * value[4]).toFixed(1)} %)`,
    },
    series: [
      {
        type: 'heatmap' as const,
        progressive: 0,
        data: [...known, ...empty],
        label: {
          show: rows.length <= (width > NARROW_PIXELS ? MAX_NUMBERED : MAX_NUMBERED_NARROW),
          fontSize: 11,
          formatter: ({ value }: { value: number[] }) => (value[3] ? String(value[3]) : ''),
        },
        // Borders only between cells that are large enough for them.
        itemStyle: { borderColor: axis, borderWidth: rows.length > MAX_NAMES ? 0 : 0.5 },
        emphasis: { itemStyle: { borderColor: text, borderWidth: 1 } },
      },
    ],
  }
}

/** ECharts renders tooltips as HTML, and class names are user input. */
function escapeHtml(name = ''): string {
  return name.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}
