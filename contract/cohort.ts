import { z } from 'zod'
import { familyOf, listedArchitectures } from './architectures.ts'
import { featuresOf } from './networks/network-size.ts'
import { StartingWeights } from './starting-weights.ts'

/** The largest cohort: the paper goes to 5, re-implementations to 12. */
export const MAX_STUDENTS = 16

export const Student = z.strictObject({
  name: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9._-]{0,39}$/,
      'a student’s name has 1 to 40 of a-z, 0-9, dot, dash and underscore',
    ),
  architecture: z.string().refine((name) => familyOf(name) !== undefined, {
    error: (issue) =>
      `there is no architecture “${String(issue.input)}”; choose one of ${listedArchitectures().join(', ')}`,
  }),
  /**
   * SHA-256 of the `model.safetensors` of a finished model to use instead of an untrained network. Allowed
   * only for the teacher of a DISTILLATION, which is then frozen from the start.
   */
  weightsSha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  /** Weights to begin with. */
  start: StartingWeights.optional(),
})
export type Student = z.infer<typeof Student>

export const TEACHING_METHODS = ['MUTUAL', 'ENSEMBLE_TEACHER', 'INDEPENDENT', 'DISTILLATION'] as const
export type TeachingMethod = (typeof TEACHING_METHODS)[number]
export const UPDATE_RULES = ['SEQUENTIAL', 'SIMULTANEOUS'] as const
export type UpdateRule = (typeof UPDATE_RULES)[number]
export const PARTNER_RULES = ['ALL', 'ONE_PER_EPOCH'] as const
export type PartnerRule = (typeof PARTNER_RULES)[number]
export const DIVERGENCES = ['KL', 'SYMMETRIC_KL', 'DECOUPLED_KL'] as const
export type Divergence = (typeof DIVERGENCES)[number]
export const ENSEMBLE_RULES = ['MEAN_POSTERIOR', 'LEAST_LOSS', 'LEAST_LOGITS'] as const
export type EnsembleRule = (typeof ENSEMBLE_RULES)[number]

/** How the students of a cohort teach each other (Zhang et al. 2017, section 2). */
export const Teaching = z.strictObject({
  /**
   * MUTUAL is DML (equation 1), ENSEMBLE_TEACHER is DML_e, INDEPENDENT trains the same students alone.
   * DISTILLATION trains the first student alone for the recipe's epochs, unless it is a finished model, then
   * freezes it and trains the others from it for as many epochs.
   */
  method: z.enum(TEACHING_METHODS).default('MUTUAL'),
  /** SEQUENTIAL is Algorithm 1; SIMULTANEOUS updates all students from one forward pass each. */
  updateRule: z.enum(UPDATE_RULES).default('SEQUENTIAL'),
  /** Whom a student learns from under MUTUAL: ALL its peers, or one, redrawn every epoch. */
  partnerRule: z.enum(PARTNER_RULES).default('ALL'),
  /** Softens the posteriors on both sides of the KL term; the paper uses 1. */
  temperature: z.number().min(0.1).max(100).default(1),
  /** Multiplies the KL term; the paper uses 1. */
  weight: z.number().min(0).max(100).default(1),
  /**
   * What brings a student's posterior to its peers': KL is the paper's, from the peer's posterior; SYMMETRIC_KL is the mean
   * of both directions (section 2.2), in which the peer is a constant as well. DECOUPLED_KL weights by themselves what the
   * peer believes of an image's class and of the others (Zhao et al. 2022, equation 7).
   */
  divergence: z.enum(DIVERGENCES).default('KL'),
  /** α and β of DECOUPLED_KL, whose paper takes 1 and, on CIFAR-100, 8; without effect under another divergence. */
  targetClassWeight: z.number().min(0).max(100).default(1),
  otherClassesWeight: z.number().min(0).max(100).default(8),
  /**
   * Compares the z-scores of each image's logits, so that only their relations are taught and not their size (Sun et al.
   * 2024, equation 8).
   */
  standardizesLogits: z.boolean().default(false),
  /**
   * What the teacher of ENSEMBLE_TEACHER says: the mean posterior of the peers (DML_e), or of all students, the learning
   * one among them, the logits of the one with the least loss on that image (KDCL-Naive), or for each class the least
   * logit above that of the image's class (KDCL-MinLogit; Guo et al. 2020, section 3.2).
   */
  ensembleRule: z.enum(ENSEMBLE_RULES).default('MEAN_POSTERIOR'),
  /**
   * Has peers teach by the moving average of their weights with this decay (Tarvainen and Valpola 2017, equation 1, for
   * peers as Wu and Gong 2021); null has them teach as they are.
   */
  peerAverageDecay: z.number().gt(0).lt(1).nullable().default(null),
  /**
   * Lets the student that is ahead wait in each step in which it is too far ahead of the last one (Qian et al. 2022,
   * SwitOKD).
   */
  pausesLeader: z.boolean().default(false),
  /**
   * Multiplies the mean squared difference to the peers' features, which the paper compares with (section 3.6); with
   * `weight` 0 features alone are matched. They must be of one size.
   */
  featureWeight: z.number().min(0).max(100).default(0),
})
export type Teaching = z.infer<typeof Teaching>

/** The teaching in something larger, such as a row. */
export function teachingOf(of: Teaching): Teaching {
  const { method, updateRule, partnerRule, temperature, weight, divergence, featureWeight } = of
  const { targetClassWeight, otherClassesWeight, standardizesLogits } = of
  const { ensembleRule, peerAverageDecay, pausesLeader } = of
  return {
    ...{ method, updateRule, partnerRule, temperature, weight, divergence, featureWeight },
    ...{ targetClassWeight, otherClassesWeight, standardizesLogits },
    ...{ ensembleRule, peerAverageDecay, pausesLeader },
  }
}

/**
 * How many times a run goes through the recipe's epochs: DISTILLATION trains an unfinished teacher first,
 * then the others.
 */
export function countStages({ method }: Pick<Teaching, 'method'>, isTeacherFinished: boolean): 1 | 2 {
  return method === 'DISTILLATION' && !isTeacherFinished ? 2 : 1
}

export function fewestStudents(method: TeachingMethod): 1 | 2 {
  return method === 'INDEPENDENT' ? 1 : 2
}

/**
 * Students, in the order in which Algorithm 1 updates them, and their teaching. Under DISTILLATION the first
 * is the teacher.
 */
export const Cohort = z
  .strictObject({
    students: z
      .array(Student)
      .min(1, 'a cohort needs at least one student')
      .max(MAX_STUDENTS, `a cohort has at most ${MAX_STUDENTS} students`),
    teaching: Teaching.prefault({}),
  })
  .refine(({ teaching, students }) => students.length >= fewestStudents(teaching.method), {
    path: ['students'],
    error: 'teaching needs at least two students; a single student trains as INDEPENDENT',
  })
  .refine((cohort) => new Set(cohort.students.map((s) => s.name)).size === cohort.students.length, {
    path: ['students'],
    error: 'two students have the same name',
  })
  .refine(
    ({ students, teaching }) =>
      students.every(
        ({ weightsSha256 }, k) => !weightsSha256 || (k === 0 && teaching.method === 'DISTILLATION'),
      ),
    {
      path: ['students'],
      error: 'only the first student under DISTILLATION, the teacher, may be a finished model',
    },
  )
  .refine(({ students }) => students.every(({ weightsSha256, start }) => !weightsSha256 || !start), {
    path: ['students'],
    error: 'a finished teacher is not trained, so it has nothing to begin with',
  })
  .refine(({ students }) => new Set(students.flatMap(normalizationKeys)).size <= 1, {
    path: ['students'],
    error:
      'the weights that students begin with expect images of different normalisations, and a cohort sees the same images; choose weights that agree',
  })
  .refine(({ teaching }) => teaching.partnerRule === 'ALL' || teaching.method === 'MUTUAL', {
    path: ['teaching', 'partnerRule'],
    error: 'a student has a choice of partners only under MUTUAL; leave the partner rule at ALL',
  })
  .superRefine(({ teaching }, context) => {
    for (const { path, message } of conflictsOf(teaching))
      context.addIssue({ code: 'custom', path: ['teaching', path], message })
  })
  .superRefine(({ students, teaching }, context) => {
    if (teaching.featureWeight === 0 || teaching.method === 'INDEPENDENT') return
    const sizes = new Map(students.map(({ architecture }) => [featuresOf(architecture), architecture]))
    if (sizes.size <= 1) return
    const told = [...sizes].map(([size, architecture]) => `${architecture} has ${size}`).join(', ')
    context.addIssue({
      code: 'custom',
      path: ['teaching', 'featureWeight'],
      message: `features are matched only between students with as many of them: ${told}; choose students of one width, or 0`,
    })
  })
export type Cohort = z.infer<typeof Cohort>

/** Settings that have no meaning beside others. */
function conflictsOf(teaching: Teaching): { path: keyof Teaching; message: string }[] {
  const { method, ensembleRule, peerAverageDecay, pausesLeader, featureWeight } = teaching
  const hasPeers = method === 'MUTUAL' || method === 'ENSEMBLE_TEACHER'
  const found: [boolean, keyof Teaching, string][] = [
    [
      ensembleRule !== 'MEAN_POSTERIOR' && method !== 'ENSEMBLE_TEACHER',
      'ensembleRule',
      `there is an ensemble only under ENSEMBLE_TEACHER; leave the rule at MEAN_POSTERIOR, or change the method`,
    ],
    [
      ensembleRule !== 'MEAN_POSTERIOR' && featureWeight > 0,
      'featureWeight',
      `the ensemble of ${ensembleRule} has logits and no features; set the weight to 0, or the rule to MEAN_POSTERIOR`,
    ],
    [
      peerAverageDecay !== null && !hasPeers,
      'peerAverageDecay',
      'only peers teach by an average of their weights; leave it out, or let the method be MUTUAL or ENSEMBLE_TEACHER',
    ],
    [
      pausesLeader && !hasPeers,
      'pausesLeader',
      'nobody is ahead where no peers teach each other; leave it out, or let the method be MUTUAL or ENSEMBLE_TEACHER',
    ],
    [
      pausesLeader && peerAverageDecay !== null,
      'pausesLeader',
      'who is ahead is told by peers as they are, not by their averages; leave out this or peerAverageDecay',
    ],
  ]
  return found.filter(([is]) => is).map(([, path, message]) => ({ path, message }))
}

function normalizationKeys({ start }: Student): string[] {
  const { normalization } = start ?? {}
  if (!normalization) return []
  // Stored as float32 in files, and as decimals in programs.
  return [JSON.stringify(normalization, (_, value) => (typeof value === 'number' ? value.toFixed(4) : value))]
}
