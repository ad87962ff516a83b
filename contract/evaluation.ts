import { z } from 'zod'

const Share = z.number().min(0).max(1)
const Count = z.int().min(0)

/** The expected calibration error sorts confidences into so many bins of equal width: (0, 1/15], (1/15, 2/15] ... */
export const CALIBRATION_BINS = 15

/** What is said of one class. A share of nothing is null: no image was of the class, or none was taken for it. */
const ClassScore = z.strictObject({
  /** Test images of the class. */
  count: Count,
  precision: Share.nullable(),
  recall: Share.nullable(),
  f1: Share.nullable(),
})
export type ClassScore = z.infer<typeof ClassScore>

const StudentIdentity = { name: z.string(), architecture: z.string(), parameters: z.int() }

/** Fields that may be missing are those that runs before this version did not measure. */
const StudentScore = z.strictObject({
  ...StudentIdentity,
  top1: Share,
  /** Mean cross-entropy, nats. */
  loss: z.number(),
  /** Share of images whose class is among the five likeliest. */
  top5: Share.optional(),
  /** Expected calibration error: how far confidence and accuracy lie apart, on average over the images. */
  calibrationError: Share.optional(),
  /** Mean entropy of the posterior, nats (section 3.6 of the paper). */
  posteriorEntropy: z.number().min(0).optional(),
  /** In the order of the dataset's classes. */
  classes: z.array(ClassScore).optional(),
  /** The cells of the confusion matrix that are not 0, as [class, class it was taken for, pictures], in this order. */
  confusion: z.array(z.tuple([Count, Count, z.int().min(1)])).optional(),
})
export type StudentScore = z.infer<typeof StudentScore>

const PerPair = z.array(z.array(z.number()))

/** What the test images say of a finished run that learned classes. Shares are of 1, losses in nats. */
export const Evaluation = z.strictObject({
  kind: z.literal('CLASSIFICATION').optional(),
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
    /** The class is among the five whose means are nearest. Distances are no posterior: there is no loss and no calibration. */
    concatenatedFeaturesTop5: Share.optional(),
  }),
  /** What the students think of each other; a row and a column for each. */
  peers: z
    .strictObject({
      /** Row j, column k: mean over the test images of KL(p_j || p_k), summed over classes, nats. */
      divergence: PerPair,
      /** Share of the test images whose likeliest class is another. */
      disagreement: PerPair,
    })
    .optional(),
})
export type Evaluation = z.infer<typeof Evaluation>

/** Ranks of the CMC that are measured: from 1 to this. */
export const CMC_RANKS = 20

const RetrievalScore = z.strictObject({
  /** Mean over the queries of the average precision: the mean of the precision at each right image's rank. */
  meanAveragePrecision: Share,
  /** At index r - 1: the share of queries whose first right image is at rank r or before, r from 1 to 20. */
  cmc: z.array(Share).length(CMC_RANKS),
})
export type RetrievalScore = z.infer<typeof RetrievalScore>

/** The share of queries whose first right image is at this rank or before. @param rank  from 1 to CMC_RANKS */
export function shareAtRank({ cmc }: Pick<RetrievalScore, 'cmc'>, rank: number): number {
  const share = cmc[rank - 1]
  if (share === undefined) throw new RangeError(`rank ${rank} is not measured`)
  return share
}

/** How well a run that learned identities finds strangers in a gallery by their features, by Market-1501's protocol. */
export const RetrievalEvaluation = z.strictObject({
  kind: z.literal('RETRIEVAL'),
  queryCount: z.int().min(1),
  galleryCount: z.int().min(1),
  /** Queries without a right image from another camera: no ranking of theirs is right or wrong, so they do not count. */
  queriesWithoutMatch: Count,
  students: z.array(z.strictObject({ ...StudentIdentity, ...RetrievalScore.shape })),
  /** Of the students' features side by side, each normalised first. */
  ensemble: RetrievalScore,
})
export type RetrievalEvaluation = z.infer<typeof RetrievalEvaluation>

/** Either, told apart by `kind`. */
export const RunEvaluation = z.union([Evaluation, RetrievalEvaluation])
export type RunEvaluation = z.infer<typeof RunEvaluation>

/** What the ensemble adds to its best student and to the average one: differences of shares. */
export interface EnsembleGain {
  overBest: number
  overAverage: number
}

/** @param ensemble the ensemble's share  @param students the same share of each student */
export function ensembleGain(ensemble: number, students: readonly number[]): EnsembleGain {
  const sum = students.reduce((total, share) => total + share, 0)
  return { overBest: ensemble - Math.max(...students), overAverage: ensemble - sum / students.length }
}
