import { z } from 'zod'
import { Cohort } from './cohort.ts'
import { Evaluation, RetrievalEvaluation } from './evaluation.ts'
import { PackedDataset } from './packed/manifest.ts'
import { Recipe } from './recipes/recipe.ts'
import { Fork } from './runs/fork.ts'
import { Seed } from './seed.ts'

/** Formats of exported models; workers/engine/exports/formats has a writer for each. */
export const EXPORT_FORMATS = ['TFJS', 'SAVED_MODEL', 'ONNX', 'SAFETENSORS', 'KERAS', 'ONNX_INT8'] as const
export type ExportFormatName = (typeof EXPORT_FORMATS)[number]
export const DEFAULT_EXPORT_FORMATS: readonly ExportFormatName[] = ['TFJS']

/**
 * Where and how often a run saves everything it needs to resume as if it had never been interrupted.
 * Checkpoints are also saved after the best evaluation so far, after the last step, and before a stop.
 */
export const CheckpointSettings = z.strictObject({
  /** Created if missing. A run resumes from the latest valid checkpoint of the same order found here. */
  folder: z.string(),
  everySteps: z.int().min(1).optional(),
  everySeconds: z.number().gt(0).optional(),
  /** How many of the latest to keep, besides the one with the best mean test accuracy. */
  keep: z.int().min(1).max(1000).default(2),
})
export type CheckpointSettings = z.infer<typeof CheckpointSettings>

export const MOST_THREADS = 256

/**
 * Threads that each operation is split over. This affects rounding, so runs whose weights are to be compared
 * need the same number.
 */
export const ThreadsPerOperation = z
  .int()
  .min(1, 'at least 1 thread')
  .max(MOST_THREADS, `at most ${MOST_THREADS} threads`)

/** PLAIN: TensorFlow runs operation after operation. COMPILED: XLA makes one program of a run's steps. */
export const EXECUTION_MODES = ['PLAIN', 'COMPILED'] as const
export type ExecutionMode = (typeof EXECUTION_MODES)[number]

/** How training steps are handed to TensorFlow. Of these only `mode` changes results, by rounding. */
export const ExecutionSettings = z.strictObject({
  mode: z.enum(EXECUTION_MODES).optional(),
  /** Steps that a call into TensorFlow takes. */
  stepsPerCall: z.int().min(1).max(256).optional(),
  /** Whether the training images lie on the device, and steps get their indices. */
  picturesOnDevice: z.boolean().optional(),
  /** The processor, or the graphics card with its software, on which results depend; told in model cards. */
  device: z.string().max(500).optional(),
  /** Memory of the graphics card that the training process must find; missing on a processor. */
  cardBytes: z.int().optional(),
})

/** Everything that determines a run's result, and where the training process reads and writes files. */
export const TrainingOrder = z.strictObject({
  cohort: Cohort,
  recipe: Recipe,
  seed: Seed,
  /** Missing for runs of earlier versions. */
  threadsPerOperation: ThreadsPerOperation.optional(),
  /** What is missing is chosen for the device. */
  execution: ExecutionSettings.optional(),
  dataset: PackedDataset,
  /** Local file of every blob of the dataset, by hash; shards that are still being fetched may be missing. */
  blobPaths: z.record(z.string(), z.string()),
  /** An empty folder for this attempt alone; exports are written to it. */
  outputFolder: z.string(),
  /** Without it, an interrupted run starts over. */
  checkpoints: CheckpointSettings.optional(),
  /** Missing of a run that begins with its first step; the checkpoint is among `blobPaths`. */
  fork: Fork.optional(),
  /** Export formats; DEFAULT_EXPORT_FORMATS if missing. */
  formats: z.array(z.enum(EXPORT_FORMATS)).min(1).optional(),
})
export type TrainingOrder = z.infer<typeof TrainingOrder>

export const METRIC_NAMES = [
  'loss',
  'labelLoss',
  'mutualLoss',
  'trainTop1',
  'validationTop1',
  'validationLoss',
  'testTop1',
  'testLoss',
  'testDivergence',
  'testEnsembleTop1',
  'testDisagreement',
  'testMap',
  'testRank1',
  'learningRate',
] as const

/** One measurement. `student` is the index in the cohort, null for the whole run. */
export const MetricPoint = z.strictObject({
  student: z.int().min(0).nullable(),
  name: z.enum(METRIC_NAMES),
  /** Optimizer steps done at the time of measurement, from 1. */
  step: z.int().min(0),
  value: z.number(),
})
export type MetricPoint = z.infer<typeof MetricPoint>

/** What a training process used of its machine since its report before. */
export const TrainingLoad = z.strictObject({
  /** Resident memory of the process. */
  memoryBytes: z.int().min(0),
  /** Processor cores that it kept busy, on average. */
  busyCores: z.number().min(0),
  /** Share of the time in which it waited for its next batch, 0 to 1. */
  batchWait: z.number().min(0).max(1),
})
export type TrainingLoad = z.infer<typeof TrainingLoad>

/** Evaluations of a run that report what they recognized of each class; of more, evenly spaced ones do. */
export const MAX_CLASS_EVALUATIONS = 200

export const TRAINING_PHASES = ['LOADING', 'CAPTURING', 'TRAINING', 'EVALUATING', 'EXPORTING'] as const

/** Messages from a training process to its worker, in order. */
export const TrainingEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('phase'), phase: z.enum(TRAINING_PHASES) }),
  /** Sent once, before the first metrics: where training starts. */
  z.strictObject({
    type: z.literal('begin'),
    /** Steps already done: 0, or those of the restored checkpoint. */
    step: z.int().min(0),
    epoch: z.int().min(0),
    /** False if an evaluation that is due after that step has not been done yet. */
    isTested: z.boolean(),
  }),
  /** XLA has refused a step: what the order's mode says no longer holds. */
  z.strictObject({ type: z.literal('execution'), mode: z.enum(EXECUTION_MODES) }),
  z.strictObject({
    type: z.literal('metrics'),
    step: z.int(),
    steps: z.int(),
    /** From 1. */
    epoch: z.int(),
    epochs: z.int(),
    imagesPerSecond: z.number(),
    /** Missing where nothing was trained since the report before. */
    load: TrainingLoad.optional(),
    points: z.array(MetricPoint),
  }),
  z.strictObject({
    type: z.literal('evaluation'),
    evaluation: Evaluation,
    /** In the order's output folder, in the format of contract/label-suspects.ts. */
    suspectsPath: z.string(),
    /** Likewise, in the format of contract/runs/test-answers.ts. */
    answersPath: z.string(),
  }),
  /** Sent instead of `evaluation` if the dataset is for RETRIEVAL. */
  z.strictObject({
    type: z.literal('retrieval'),
    evaluation: RetrievalEvaluation,
    /** In the order's output folder, in the format of contract/retrieval-queries.ts. */
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
  /** A checkpoint is on disk; all points up to its step have been sent. */
  z.strictObject({
    type: z.literal('checkpoint'),
    step: z.int(),
    /** In the order's checkpoint folder; kept until `keep` later ones have been written. */
    path: z.string(),
    sha256: z.string(),
    bytes: z.int(),
    /** Mean over the students; null if no evaluation was due. */
    testTop1: z.number().nullable(),
  }),
  /** Hashes of the weights after a step, for the run's receipt: after steps 1, 10, 100 and so on, and after the last. */
  z.strictObject({
    type: z.literal('weights'),
    step: z.int().min(1),
    /** By `student/layer/weight`. */
    tensors: z.record(z.string(), z.string()),
    /** Versions by name. */
    libraries: z.record(z.string(), z.string()),
  }),
  /**
   * Test images that were recognized at an evaluation, by class: of every student and, if they are several, of their
   * ensemble. Sent before the evaluation's points.
   */
  z.strictObject({
    type: z.literal('classHits'),
    step: z.int().min(1),
    students: z.array(z.array(z.int().min(0))).min(1),
    ensemble: z.array(z.int().min(0)).nullable(),
  }),
  /** A checkpoint could not be written; training continues without it. */
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

/** A training process's request to its worker for parts of a shard that is not on this machine yet. */
export const ShardRequest = z.strictObject({
  type: z.literal('read'),
  /** Repeated in the reply. */
  id: z.int(),
  sha256: z.string(),
  /** Start of each part within the shard, in bytes. */
  offsets: z.array(z.int().min(0)).min(1),
  /** Length of each part, in bytes. */
  length: z.int().min(1),
})
export type ShardRequest = z.infer<typeof ShardRequest>

/** Messages from a worker to its training process, handled between steps. */
export const TrainingControl = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('start'), order: TrainingOrder }),
  z.strictObject({ type: z.literal('stop') }),
  /** A shard for which the order had no path has been fetched completely. */
  z.strictObject({ type: z.literal('arrived'), sha256: z.string(), path: z.string() }),
  /** The requested parts, concatenated. */
  z.strictObject({ type: z.literal('parts'), id: z.int(), bytes: z.instanceof(Uint8Array) }),
])
export type TrainingControl = z.infer<typeof TrainingControl>
