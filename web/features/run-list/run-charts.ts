import { formatMetric, formatShare } from '../../design/format-numbers.ts'

export interface RunChart {
  name: string
  title: string
  isShare: boolean
  /** False for metrics measured once per epoch, which smoothing would only delay. */
  smooths: boolean
  isLoss: boolean
}

export const lossChart: RunChart = {
  name: 'loss',
  title: 'Training loss',
  isShare: false,
  smooths: true,
  isLoss: true,
}
export const testChart: RunChart = {
  name: 'testTop1',
  title: 'Test accuracy',
  isShare: true,
  smooths: false,
  isLoss: false,
}

/** Replaces test accuracy for retrieval. */
export const mapChart: RunChart = {
  name: 'testMap',
  title: 'Mean average precision',
  isShare: true,
  smooths: false,
  isLoss: false,
}

/** What a student still learns from its peers. */
export const peerLossChart: RunChart = {
  name: 'mutualLoss',
  title: 'Loss from the peers',
  isShare: false,
  smooths: true,
  isLoss: true,
}

export const runCharts: RunChart[] = [
  lossChart,
  testChart,
  mapChart,
  { name: 'testRank1', title: 'Rank-1 accuracy', isShare: true, smooths: false, isLoss: false },
  { name: 'trainTop1', title: 'Training accuracy', isShare: true, smooths: true, isLoss: false },
  { name: 'validationTop1', title: 'Validation accuracy', isShare: true, smooths: false, isLoss: false },
  { name: 'validationLoss', title: 'Validation loss', isShare: false, smooths: false, isLoss: true },
  { name: 'testLoss', title: 'Test loss', isShare: false, smooths: false, isLoss: true },
  {
    name: 'testEnsembleTop1',
    title: 'Test accuracy of the ensemble',
    isShare: true,
    smooths: false,
    isLoss: false,
  },
  {
    name: 'testDisagreement',
    title: 'Disagreement on the test images',
    isShare: true,
    smooths: false,
    isLoss: false,
  },
  {
    name: 'testDivergence',
    title: 'KL from the peers on the test images',
    isShare: false,
    smooths: false,
    isLoss: true,
  },
  { name: 'labelLoss', title: 'Loss from the labels', isShare: false, smooths: true, isLoss: true },
  peerLossChart,
  { name: 'learningRate', title: 'Learning rate', isShare: false, smooths: false, isLoss: false },
]

export function formatOf({ isShare }: RunChart): (value: number | null) => string {
  return isShare ? (value) => formatShare(value) : formatMetric
}

export function axisFormatOf({ isShare }: RunChart): (value: number) => string {
  return isShare ? (value) => `${Number((value * 100).toFixed(1))} %` : formatOnAxis
}

/** As short as an axis has room for: `0.25`, `2000`, `1e+14`. */
function formatOnAxis(value: number): string {
  const size = Math.abs(value)
  return size >= 1e5 ? Number(value.toPrecision(3)).toExponential() : String(Number(value.toPrecision(4)))
}
