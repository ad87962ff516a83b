import type { Line } from '../../../charts/chart-data.ts'
import { lineStyle, type Scheme } from '../../../charts/line-style.ts'
import { formatBytes, formatShare } from '../../../design/format-numbers.ts'
import type { RunSystemQuery } from '../../../graphql/generated/operations.ts'

export type Pace = Extract<RunSystemQuery['node'], { __typename: 'Run' }>['pace']
type Load = NonNullable<Pace['loads'][number]>

export interface SystemChart {
  name: string
  title: string
  format: (value: number) => string
  /** What was measured at a report; null where nothing was. */
  measured: (load: Load | null, imagesPerSecond: number, batchSize: number) => number | null
}

const oneDigit = (value: number) => value.toFixed(1)
/** As a share of 1, without digits that an axis has no room for. */
const asShare = (value: number) => `${Number((100 * value).toFixed(1))} %`

export const SYSTEM_CHARTS: readonly SystemChart[] = [
  {
    name: 'stepsPerSecond',
    title: 'Steps per second',
    format: (value) => String(Number(value.toPrecision(3))),
    measured: (_, imagesPerSecond, batchSize) => imagesPerSecond / batchSize,
  },
  {
    name: 'batchWait',
    title: 'Waiting for batches',
    format: asShare,
    measured: (load) => load?.batchWait ?? null,
  },
  {
    name: 'memory',
    title: 'Memory of the training process',
    format: formatBytes,
    measured: (load) => load?.memoryBytes ?? null,
  },
  {
    name: 'busyCores',
    title: 'Busy processor cores',
    format: oneDigit,
    measured: (load) => load?.busyCores ?? null,
  },
  {
    name: 'cardMemory',
    title: 'GPU memory',
    format: formatBytes,
    measured: (load) => load?.cardMemoryBytes ?? null,
  },
  {
    name: 'cardUtilization',
    title: 'GPU utilization',
    format: asShare,
    measured: (load) => load?.cardUtilization ?? null,
  },
]

/** What was measured, step by step; no line where nothing was. */
export function systemLine(
  { measured }: SystemChart,
  pace: Pace,
  batchSize: number,
  { byTime, scheme }: { byTime: boolean; scheme: Scheme },
): Line | null {
  const points = pace.steps.flatMap((step, i) => {
    const value = measured(pace.loads[i] ?? null, pace.imagesPerSecond[i] ?? 0, batchSize)
    return value === null ? [] : [{ step, value, seconds: pace.seconds[i] ?? 0 }]
  })
  if (points.length === 0) return null
  return {
    label: 'run',
    steps: points.map(({ step }) => step),
    values: points.map(({ value }) => value),
    ...(byTime && { xs: points.map(({ seconds }) => seconds) }),
    ...lineStyle(0, scheme),
  }
}

const NOT_MEASURED = 'not measured'

/** What was used, in a few words each. */
export function systemFacts(pace: Pace, batchSize: number): [name: string, value: string][] {
  const loads = pace.loads.filter((load) => load !== null)
  const most = (values: readonly (number | null)[]) => {
    const known = values.filter((value) => value !== null)
    return known.length > 0 ? Math.max(...known) : null
  }
  const words = (value: number | null, format: (value: number) => string) =>
    value === null ? NOT_MEASURED : format(value)
  const memory = most(loads.map(({ memoryBytes }) => memoryBytes))
  const cardMemory = most(loads.map(({ cardMemoryBytes }) => cardMemoryBytes))
  return [
    ['Images per second', words(middleOf(pace.imagesPerSecond), (value) => value.toFixed(0))],
    ['Steps per second', words(middleOf(pace.imagesPerSecond), (value) => (value / batchSize).toFixed(2))],
    [
      'Waiting for batches',
      words(middleOf(loads.map(({ batchWait }) => batchWait)), (value) => formatShare(value)),
    ],
    ['Most memory', words(memory, formatBytes)],
    ['Busy cores', words(middleOf(loads.map(({ busyCores }) => busyCores)), oneDigit)],
    ['Most memory of the card', words(cardMemory, formatBytes)],
    [
      'Use of the card',
      words(middleOf(loads.map(({ cardUtilization }) => cardUtilization)), (value) => formatShare(value)),
    ],
  ]
}

/** The median: the first step, which is captured, and evaluations would pull a mean. */
function middleOf(values: readonly (number | null)[]): number | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? null
}
