import { z } from 'zod'
import { RunEvaluation } from '../evaluation.ts'
import { type MetricPoint, TRAINING_PHASES, TrainingLoad } from '../training.ts'
import { RunFinding } from './run-findings.ts'
import { PAUSE_REASONS, RUN_STATUSES } from './run-states.ts'

export const FAILURE_CODES = [
  'NOT_FINITE',
  'OUT_OF_MEMORY',
  'ENGINE_ERROR',
  'WORKER_LOST',
  'DATASET_GONE',
  'BAD_RECIPE',
  'DISK_FULL',
  'INTERNAL',
] as const
export const FailureCode = z.enum(FAILURE_CODES)
export type FailureCode = z.infer<typeof FailureCode>

/**
 * Who wrote a line of a run's log: the worker, the training process, or TensorFlow within it. Lines of
 * earlier versions have no source and count as TRAINING.
 */
export const LOG_SOURCES = ['WORKER', 'TRAINING', 'TENSORFLOW'] as const
export type LogSource = (typeof LOG_SOURCES)[number]
export const LOG_LEVELS = ['INFO', 'WARN', 'ERROR'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** What a run used of its machine; `card` is missing on a processor, and while the card's use is unknown. */
export const RunLoad = z.strictObject({
  ...TrainingLoad.shape,
  card: z
    .strictObject({ memoryBytes: z.int().min(0), /** 0 to 1. */ utilization: z.number().min(0).max(1) })
    .optional(),
})
export type RunLoad = z.infer<typeof RunLoad>

/**
 * Payloads of a run's event rows, by kind. A METRICS payload holds only progress; its points are separate
 * rows.
 */
export const RunEventPayload = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('STATUS'),
    status: z.enum(RUN_STATUSES),
    phase: z.enum(TRAINING_PHASES).nullable(),
    attempt: z.int(),
    failure: z.strictObject({ code: FailureCode, message: z.string() }).nullable(),
    /** Set for PAUSED, null otherwise; missing from events of earlier versions. */
    pauseReason: z.enum(PAUSE_REASONS).nullish(),
  }),
  z.strictObject({
    kind: z.literal('METRICS'),
    step: z.int(),
    steps: z.int(),
    epoch: z.int(),
    epochs: z.int(),
    imagesPerSecond: z.number(),
    remainingSeconds: z.number().nullable(),
    /** Missing where it was not measured, and from events of earlier versions. */
    load: RunLoad.optional(),
  }),
  z.strictObject({ kind: z.literal('EVALUATION'), evaluation: RunEvaluation }),
  /** A checkpoint was saved; all points up to its step were recorded before this event. */
  z.strictObject({
    kind: z.literal('CHECKPOINT'),
    step: z.int(),
    epoch: z.int(),
    byteLength: z.int(),
    testTop1: z.number().nullable(),
  }),
  /** Something goes wrong while the run trains, or no longer does. */
  z.strictObject({
    kind: z.literal('ALARM'),
    isOver: z.boolean(),
    step: z.int(),
    finding: RunFinding,
  }),
  z.strictObject({
    kind: z.literal('LOG'),
    level: z.enum(LOG_LEVELS),
    source: z.enum(LOG_SOURCES).optional(),
    message: z.string(),
  }),
])
export type RunEventPayload = z.infer<typeof RunEventPayload>
export type RunEventKind = RunEventPayload['kind']

/** Consecutive points of one series, stored by column, so that high point rates create few objects. */
export interface MetricSeries {
  /** Null for a series of the whole run. */
  student: number | null
  name: MetricPoint['name']
  /** Ascending, non-empty. */
  steps: number[]
  /** One per step. */
  values: number[]
}

/** An event as the live feed delivers it: METRICS events include their points. */
export interface RunEventRecord {
  runId: string
  seq: number
  at: Date
  payload: RunEventPayload
  series: MetricSeries[]
  /** Of a METRICS event that stands for several, since a stream fell behind: the first of them. */
  firstSeq?: number
  /** How many of their points it leaves out. */
  pointsLeftOut?: number
}
