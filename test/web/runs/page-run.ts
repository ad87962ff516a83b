import type { LiveEvent, PageRun } from '../../../web/features/runs/live/run-feed.ts'

type EventOf<Kind extends LiveEvent['__typename']> = Extract<LiveEvent, { __typename: Kind }>

const AT = '2026-03-01T12:00:00.000Z'

/** A QUEUED run of two students, as its page reads it before anything has happened. */
export function pageRun(changes: Partial<PageRun> = {}): PageRun {
  const nothing = { lastLoss: null, lastTrainTop1: null, lastTestTop1: null, bestTestTop1: null }
  const students = ['ada', 'grace'].map((name, position) => ({
    id: `stu_${name}`,
    position,
    name,
    architecture: 'resnet-8',
    finishedModel: null,
    start: null,
  }))
  return {
    id: 'run_1',
    number: 1,
    status: 'QUEUED',
    phase: null,
    failure: null,
    experiment: null,
    receiptUrl: null,
    cohort: {
      id: 'coh_1',
      name: 'Two small ones',
      createdAt: AT,
      students,
      teaching: {
        method: 'MUTUAL',
        updateRule: 'SEQUENTIAL',
        partnerRule: 'ALL',
        temperature: 1,
        weight: 1,
        divergence: 'KL',
        featureWeight: 0,
        targetClassWeight: 1,
        otherClassesWeight: 8,
        standardizesLogits: false,
        ensembleRule: 'MEAN_POSTERIOR',
        peerAverageDecay: null,
        pausesLeader: false,
      } as PageRun['cohort']['teaching'],
    },
    datasetVersion: {
      id: 'ver_1',
      number: 1,
      height: 28,
      width: 28,
      channels: 1,
      splits: [],
      dataset: { id: 'ds_1', name: 'Shapes', kind: 'CLASSIFICATION' },
    },
    progress: {
      step: 0,
      steps: null,
      epoch: 0,
      epochs: 5,
      imagesPerSecond: null,
      remainingSeconds: null,
    },
    queuePosition: null,
    students: students.map((student) => ({ student, ...nothing, lastTestMap: null, bestTestMap: null })),
    createdBy: { id: 'user_1', name: 'Ada' },
    createdAt: AT,
    startedAt: null,
    finishedAt: null,
    attemptSeconds: 0,
    attemptStartedAt: null,
    name: null,
    tags: [],
    notes: null,
    archivedAt: null,
    clonedFrom: null,
    fork: null,
    isFollowed: false,
    preset: 'quick',
    recipe: {},
    threadsPerOperation: 1,
    executionMode: 'PLAIN',
    executionDevice: 'A processor',
    seed: 1,
    attempt: 1,
    priority: 0,
    pauseReason: null,
    retryAt: null,
    workerName: null,
    waitingReason: null,
    lastSeq: 0,
    metrics: [],
    pace: { steps: [], seconds: [] },
    evaluation: null,
    retrieval: null,
    findings: [],
    models: [],
    ensemble: null,
    ...changes,
  }
}

/** When the event of a sequence number was recorded: a second after the one before. */
export const atOf = (seq: number) => new Date(Date.parse(AT) + 1000 * seq).toISOString()

export function statusEvent(
  seq: number,
  changes: Partial<EventOf<'RunStatusChanged'>> = {},
): EventOf<'RunStatusChanged'> {
  const event = {
    status: 'RUNNING',
    phase: 'TRAINING',
    attempt: 1,
    failure: null,
    pauseReason: null,
  } as const
  return { __typename: 'RunStatusChanged', seq, at: atOf(seq), ...event, ...changes }
}

export function logEvent(
  seq: number,
  message = `line ${seq}`,
  changes: Partial<EventOf<'LogWritten'>> = {},
): EventOf<'LogWritten'> {
  const event = { level: 'INFO', source: 'TRAINING' } as const
  return { __typename: 'LogWritten', seq, at: atOf(seq), message, ...event, ...changes }
}

export function checkpointEvent(seq: number, step: number): EventOf<'CheckpointSaved'> {
  return { __typename: 'CheckpointSaved', seq, at: atOf(seq), step, epoch: 1, byteLength: 10, testTop1: null }
}

export type Series = EventOf<'MetricsRecorded'>['series'][number]

/** @param series  how far the run is follows from their steps */
export function metricsEvent(seq: number, series: Series[]): EventOf<'MetricsRecorded'> {
  const step = Math.max(...series.flatMap(({ steps }) => steps))
  const progress = { step, steps: 100, epoch: 1, epochs: 5, imagesPerSecond: 10, remainingSeconds: 5 }
  const whole = { firstSeq: seq, pointsLeftOut: 0 }
  return { __typename: 'MetricsRecorded', seq, at: atOf(seq), progress, series, ...whole }
}

export function seriesOf(student: number | null, name: string, points: Record<number, number>): Series {
  return { student, name, steps: Object.keys(points).map(Number), values: Object.values(points) }
}

export function evaluationEvent(seq: number): EventOf<'EvaluationCompleted'> {
  const gain = { overBest: 0, overAverage: 0 }
  const evaluation = {
    testCount: 40,
    delivered: null,
    students: [],
    meanPosteriorTop1: 0.9,
    concatenatedFeaturesTop1: 0.9,
    meanPosteriorTop5: null,
    meanPosteriorLoss: null,
    meanPosteriorCalibrationError: null,
    concatenatedFeaturesTop5: null,
    meanPosteriorGain: gain,
    concatenatedFeaturesGain: gain,
    peerDivergence: null,
    peerDisagreement: null,
  }
  return { __typename: 'EvaluationCompleted', seq, at: atOf(seq), evaluation, retrieval: null }
}
