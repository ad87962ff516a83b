/** Human-readable results of a finished training. */
import {
  type Evaluation,
  ensembleGain,
  type RetrievalEvaluation,
  type RetrievalScore,
  type RunEvaluation,
} from '../../contract/evaluation.ts'
import { describeDelivered } from '../../contract/runs/delivered-words.ts'

/** The CMC ranks that papers report. */
const PRINTED_RANKS = [1, 5, 10, 20]

export function resultTable(evaluation: RunEvaluation, seconds: number): string {
  const lines = evaluation.kind === 'RETRIEVAL' ? retrievalLines(evaluation) : classificationLines(evaluation)
  const { delivered } = evaluation
  const told = delivered ? [`Delivered is ${describeDelivered(delivered)}.`] : []
  return [...lines, ...told, `Took ${seconds.toFixed(1)} s.`].join('\n')
}

function classificationLines({ students, ensemble }: Evaluation): string[] {
  const rows = students.map((student) => [
    `${student.name} (${student.architecture})`,
    ...[percent(student.top1), percent(student.top5), decimal(student.loss)],
    ...[percent(student.calibrationError), decimal(student.posteriorEntropy)],
    student.parameters.toLocaleString('en'),
  ])
  const ensembles = [
    [
      'ensemble, mean posterior',
      ...[percent(ensemble.meanPosteriorTop1), percent(ensemble.meanPosteriorTop5)],
      ...[decimal(ensemble.meanPosteriorLoss), percent(ensemble.meanPosteriorCalibrationError), '', ''],
    ],
    [
      'ensemble, concatenated features',
      ...[percent(ensemble.concatenatedFeaturesTop1), percent(ensemble.concatenatedFeaturesTop5)],
      ...['', '', '', ''],
    ],
  ]
  const head = ['', 'top-1', 'top-5', 'loss', 'ECE', 'entropy', 'parameters']
  if (students.length < 2) return align([head, ...rows])
  const shares = students.map(({ top1 }) => top1)
  return [
    ...align([head, ...rows, ...ensembles]),
    gainLine('mean posterior', ensemble.meanPosteriorTop1, shares),
    gainLine('concatenated features', ensemble.concatenatedFeaturesTop1, shares),
  ]
}

function retrievalLines(evaluation: RetrievalEvaluation): string[] {
  const { students, ensemble, queryCount, galleryCount, queriesWithoutMatch } = evaluation
  const scores = ({ cmc, meanAveragePrecision }: RetrievalScore) => [
    ...PRINTED_RANKS.map((rank) => percent(cmc[rank - 1])),
    percent(meanAveragePrecision),
  ]
  const rows = students.map((student) => [
    `${student.name} (${student.architecture})`,
    ...scores(student),
    student.parameters.toLocaleString('en'),
  ])
  const head = ['', ...PRINTED_RANKS.map((rank) => `rank ${rank}`), 'mAP', 'parameters']
  const without = queriesWithoutMatch > 0 ? `, ${queriesWithoutMatch} without a match not counted` : ''
  const summary = `${queryCount} queries${without}, ${galleryCount} images in the gallery.`
  if (students.length < 2) return [...align([head, ...rows]), summary]
  const maps = students.map(({ meanAveragePrecision }) => meanAveragePrecision)
  return [
    ...align([head, ...rows, ['ensemble, concatenated features', ...scores(ensemble), '']]),
    gainLine('concatenated features, mAP', ensemble.meanAveragePrecision, maps),
    summary,
  ]
}

function gainLine(what: string, ensemble: number, students: readonly number[]): string {
  const { overBest, overAverage } = ensembleGain(ensemble, students)
  const points = (share: number) => `${share < 0 ? '' : '+'}${(share * 100).toFixed(2)}`
  return `Ensemble, ${what}: ${points(overBest)} points over the best student, ${points(overAverage)} over the average.`
}

function align(rows: string[][]): string[] {
  const widthOf = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0))
  const pad = (cell: string, i: number) => (i === 0 ? cell.padEnd(widthOf(i)) : cell.padStart(widthOf(i)))
  return rows.map((row) => row.map(pad).join('  ').trimEnd())
}

export function percent(share: number | undefined): string {
  return share === undefined ? '' : `${(share * 100).toFixed(2)} %`
}

function decimal(value: number | undefined): string {
  return value === undefined ? '' : value.toFixed(4)
}
