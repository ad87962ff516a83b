import { z } from 'zod'
import { Cohort } from './cohort.ts'
import { Evaluation, RetrievalEvaluation } from './evaluation.ts'
import { PackedDataset } from './packed/manifest.ts'
import { Recipe } from './recipe.ts'
import { Seed } from './seed.ts'

/** Ways in which trained models are handed on; workers/engine/exports/formats has a writer for each. */
export const EXPORT_FORMATS = ['TFJS', 'SAVED_MODEL', 'ONNX', 'SAFETENSORS'] as const
export type ExportFormatName = (typeof EXPORT_FORMATS)[number]
export const DEFAULT_EXPORT_FORMATS: readonly ExportFormatName[] = ['TFJS']

/**
 * Where and how often a run saves all that it needs to go on as if it had never been interrupted. An evaluation that is
 * the best so far is saved in any case, and so are the last step and the one before a stop.
 */
export const CheckpointSettings = z.strictObject({
  /** Made where it is missing. A run begins from the newest whole checkpoint of the same order that it finds here. */
  folder: z.string(),
  everySteps: z.int().min(1).optional(),
  everySeconds: z.number().gt(0).optional(),
  /** How many of the newest stay, beside the one with the best mean test accuracy. */
  keep: z.int().min(1).max(1000).default(2),
})
export type CheckpointSettings = z.infer<typeof CheckpointSettings>

/** Everything that a run is a function of, with where the training process finds and leaves files. */
export const TrainingOrder = z.strictObject({
  cohort: Cohort,
  recipe: Recipe,
  seed: Seed,
  dataset: PackedDataset,
  /** Local file of every blob that the dataset names, by hash; shards that are still on their way may be missing. */
  blobPaths: z.record(z.string(), z.string()),
  /** An empty folder of this attempt's own; exports are left in it. */
  outputFolder: z.string(),
  /** Without it, a run that is interrupted begins anew. */
  checkpoints: CheckpointSettings.optional(),
  /** Formats of the exports, DEFAULT_EXPORT_FORMATS where it is missing. */
  formats: z.array(z.enum(EXPORT_FORMATS)).min(1).optional(),
})
export type TrainingOrder = z.infer<typeof TrainingOrder>

export const METRIC_NAMES = [
  'loss',
  'labelLoss',
  'mutualLoss',
  'trainTop1',
  'testTop1',
  'testLoss',
  'testMap',
  'testRank1',
  'learningRate',
] as const

/** One measured number. `student` is its index in the cohort, null where it is of the whole run. */
export const MetricPoint = z.strictObject({
  student: z.int().min(0).nullable(),
  name: z.enum(METRIC_NAMES),
  /** Optimizer steps done when it was measured, from 1. */
  step: z.int().min(0),
  value: z.number(),
})
export type MetricPoint = z.infer<typeof MetricPoint>

export const TRAINING_PHASES = ['LOADING', 'CAPTURING', 'TRAINING', 'EVALUATING', 'EXPORTING'] as const

/** What a training process tells its worker, in order. */
export const TrainingEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('phase'), phase: z.enum(TRAINING_PHASES) }),
  /** Told once, before the first metrics: where the training begins. */
  z.strictObject({
    type: z.literal('begin'),
    /** Steps that are done already: 0, or those of the checkpoint that was restored. */
    step: z.int().min(0),
    epoch: z.int().min(0),
    /** False where the evaluation that may be due after that step is still to be done. */
    isTested: z.boolean(),
  }),
  z.strictObject({
    type: z.literal('metrics'),
    step: z.int(),
    steps: z.int(),
    /** From 1. */
    epoch: z.int(),
    epochs: z.int(),
    imagesPerSecond: z.number(),
    points: z.array(MetricPoint),
  }),
  z.strictObject({
    type: z.literal('evaluation'),
    evaluation: Evaluation,
    /** In the order's output folder: contract/label-suspects.ts. */
    suspectsPath: z.string(),
  }),
  /** In its place, where the dataset is for RETRIEVAL. */
  z.strictObject({
    type: z.literal('retrieval'),
    evaluation: RetrievalEvaluation,
    /** In the order's output folder: contract/retrieval-queries.ts. */
    queriesPath: z.string(),
  }),
  z.strictObject({
    type: z.literal('artifact'),
    format: z.enum(EXPORT_FORMATS),
    /** Index in the cohort; null for the ensemble. */
    student: z.int().nullable(),
    /** In the order's output folder. */
    path: z.string(),
    fileName: z.string(),
  }),
  /** A checkpoint is on the disk; every point of its step and before has been told. */
  z.strictObject({
    type: z.literal('checkpoint'),
    step: z.int(),
    /** In the folder of the order's checkpoints; it stays until so many newer ones are written as the order keeps. */
    path: z.string(),
    sha256: z.string(),
    bytes: z.int(),
    /** Mean over the students; null where no evaluation was due. */
    testTop1: z.number().nullable(),
  }),
  /** A checkpoint could not be written; the training goes on without it. */
  z.strictObject({ type: z.literal('checkpointFailed'), step: z.int(), message: z.string() }),
  z.strictObject({ type: z.literal('log'), level: z.enum(['INFO', 'WARN', 'ERROR']), message: z.string() }),
  z.strictObject({
    type: z.literal('failed'),
    code: z.enum(['NOT_FINITE', 'OUT_OF_MEMORY', 'DISK_FULL', 'ENGINE_ERROR']),
    message: z.string(),
  }),
  z.strictObject({ type: z.literal('stopped') }),
  z.strictObject({ type: z.literal('finished') }),
])
export type TrainingEvent = z.infer<typeof TrainingEvent>

/** Parts of a shard that is not on this machine yet, as a training process asks its worker for them. */
export const ShardRequest = z.strictObject({
  type: z.literal('read'),
  /** The answer names it. */
  id: z.int(),
  sha256: z.string(),
  /** Where in the shard each part begins. */
  offsets: z.array(z.int().min(0)).min(1),
  /** Of each part, in bytes. */
  length: z.int().min(1),
})
export type ShardRequest = z.infer<typeof ShardRequest>

/** What a worker tells its training process; it is looked at between two steps. */
export const TrainingControl = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('start'), order: TrainingOrder }),
  z.strictObject({ type: z.literal('stop') }),
  /** A shard that the order had no path of is here, whole. */
  z.strictObject({ type: z.literal('arrived'), sha256: z.string(), path: z.string() }),
  /** The parts that were asked for, one behind the other. */
  z.strictObject({ type: z.literal('parts'), id: z.int(), bytes: z.instanceof(Uint8Array) }),
])
export type TrainingControl = z.infer<typeof TrainingControl>
