import { z } from 'zod'

const Share = z.number().min(0).max(1)
const Count = z.int().min(0)

/** Bins of equal width for the expected calibration error: (0, 1/15], (1/15, 2/15] ... */
export const CALIBRATION_BINS = 15

/**
 * Scores of one class. A share is null if its denominator is 0: no image has the class, or none was predicted
 * as it.
 */
const ClassScore = z.strictObject({
  /** Test images of the class. */
  count: Count,
  precision: Share.nullable(),
  recall: Share.nullable(),
  f1: Share.nullable(),
})
export type ClassScore = z.infer<typeof ClassScore>

const StudentIdentity = { name: z.string(), architecture: z.string(), parameters: z.int() }

/** Optional fields were not measured by runs of earlier versions. */
const StudentScore = z.strictObject({
  ...StudentIdentity,
  top1: Share,
  /** Mean cross-entropy, nats. */
  loss: z.number(),
  /** Share of images whose class is among the five most likely. */
  top5: Share.optional(),
  /** Expected calibration error: the mean gap between confidence and accuracy. */
  calibrationError: Share.optional(),
  /** Mean entropy of the posterior, nats (section 3.6 of the paper). */
  posteriorEntropy: z.number().min(0).optional(),
  /** In the order of the dataset's classes. */
  classes: z.array(ClassScore).optional(),
  /** The non-zero cells of the confusion matrix, as [class, predicted class, count], sorted in this order. */
  confusion: z.array(z.tuple([Count, Count, z.int().min(1)])).optional(),
})
export type StudentScore = z.infer<typeof StudentScore>

const PerPair = z.array(z.array(z.number()))

/** Which state of the cohort was evaluated and exported. */
export const DeliveredCheckpoint = z.strictObject({
  /** BEST: after the evaluation with the highest mean validation accuracy. LAST: after the last step. */
  checkpoint: z.enum(['BEST', 'LAST']),
  step: Count,
  epoch: Count,
  /** Validation images; 0 if there were none. */
  validationCount: Count,
  /** Of BEST: mean over the students that learn last. */
  validationTop1: Share.nullable(),
  /** The epoch after which training ended for want of improvement; null if it went on to its end. */
  stoppedAfterEpoch: Count.nullable(),
})
export type DeliveredCheckpoint = z.infer<typeof DeliveredCheckpoint>

/** Test results of a finished CLASSIFICATION run. Shares are from 0 to 1, losses in nats. */
export const Evaluation = z.strictObject({
  kind: z.literal('CLASSIFICATION').optional(),
  /** Missing for runs of earlier versions, which delivered the last step's state. */
  delivered: DeliveredCheckpoint.optional(),
  testCount: z.int().min(1),
  students: z.array(StudentScore),
  ensemble: z.strictObject({
    /** The class with the highest mean posterior. */
    meanPosteriorTop1: Share,
    /** The class whose mean is nearest in the concatenated, normalised feature space. */
    concatenatedFeaturesTop1: Share,
    meanPosteriorTop5: Share.optional(),
    meanPosteriorLoss: z.number().optional(),
    meanPosteriorCalibrationError: Share.optional(),
    /**
     * The class is among the five with the nearest means. Distances are no posterior, so there is no loss or
     * calibration.
     */
    concatenatedFeaturesTop5: Share.optional(),
  }),
  /** How the students' predictions differ; a row and a column per student. */
  peers: z
    .strictObject({
      /** Row j, column k: mean over the test images of KL(p_j || p_k), summed over classes, nats. */
      divergence: PerPair,
      /** Share of the test images for which the two students predict different classes. */
      disagreement: PerPair,
      /**
       * Correlation of errors over the test images: 1 if both are wrong on the same ones, 0 if their errors
       * are independent. Null if one of them is always or never wrong.
       */
      errorCorrelation: z.array(z.array(z.number().nullable())).optional(),
    })
    .optional(),
})
export type Evaluation = z.infer<typeof Evaluation>

/** The CMC is measured from rank 1 to this. */
export const CMC_RANKS = 20

const RetrievalScore = z.strictObject({
  /**
   * Mean over the queries of the average precision, which is the mean of the precision at each match's rank.
   */
  meanAveragePrecision: Share,
  /** At index r - 1: the share of queries whose first match is at rank r or better, r from 1 to 20. */
  cmc: z.array(Share).length(CMC_RANKS),
})
export type RetrievalScore = z.infer<typeof RetrievalScore>

/** The share of queries whose first match is at this rank or better. @param rank  from 1 to CMC_RANKS */
export function shareAtRank({ cmc }: Pick<RetrievalScore, 'cmc'>, rank: number): number {
  const share = cmc[rank - 1]
  if (share === undefined) throw new RangeError(`rank ${rank} is not measured`)
  return share
}

/**
 * How well a RETRIEVAL run finds unseen identities in a gallery by their features, by Market-1501's protocol.
 */
export const RetrievalEvaluation = z.strictObject({
  kind: z.literal('RETRIEVAL'),
  /** Missing for runs of earlier versions, which delivered the last step's state. */
  delivered: DeliveredCheckpoint.optional(),
  queryCount: z.int().min(1),
  galleryCount: z.int().min(1),
  /**
   * Queries without a match from another camera. No ranking of theirs can be right or wrong, so they are not
   * scored.
   */
  queriesWithoutMatch: Count,
  students: z.array(z.strictObject({ ...StudentIdentity, ...RetrievalScore.shape })),
  /** For the students' features, normalised and concatenated. */
  ensemble: RetrievalScore,
})
export type RetrievalEvaluation = z.infer<typeof RetrievalEvaluation>

/** Discriminated by `kind`. */
export const RunEvaluation = z.union([Evaluation, RetrievalEvaluation])
export type RunEvaluation = z.infer<typeof RunEvaluation>

/** The ensemble's share minus the best student's and the average student's. */
export interface EnsembleGain {
  overBest: number
  overAverage: number
}

/** @param ensemble the ensemble's share  @param students the same share of each student */
export function ensembleGain(ensemble: number, students: readonly number[]): EnsembleGain {
  const sum = students.reduce((total, share) => total + share, 0)
  return { overBest: ensemble - Math.max(...students), overAverage: ensemble - sum / students.length }
}
