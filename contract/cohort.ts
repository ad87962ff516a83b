import { z } from 'zod'
import { familyOf, listedArchitectures } from './architectures.ts'

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
   * SHA-256 of the `model.safetensors` of a finished model that the student is, in place of an untrained one. Only the
   * teacher of a DISTILLATION may be one: it is frozen from the start.
   */
  weightsSha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
})
export type Student = z.infer<typeof Student>

export const TEACHING_METHODS = ['MUTUAL', 'ENSEMBLE_TEACHER', 'INDEPENDENT', 'DISTILLATION'] as const
export type TeachingMethod = (typeof TEACHING_METHODS)[number]
export const UPDATE_RULES = ['SEQUENTIAL', 'SIMULTANEOUS'] as const
export type UpdateRule = (typeof UPDATE_RULES)[number]
export const PARTNER_RULES = ['ALL', 'ONE_PER_EPOCH'] as const
export type PartnerRule = (typeof PARTNER_RULES)[number]

/** How the students of a cohort teach each other (Zhang et al. 2017, section 2). */
export const Teaching = z.strictObject({
  /**
   * MUTUAL is DML (equation 1), ENSEMBLE_TEACHER is DML_e, INDEPENDENT is the same students alone. DISTILLATION trains
   * the first student alone for the recipe's epochs, unless it is a finished model; then it is frozen, and the others
   * learn from it for as many.
   */
  method: z.enum(TEACHING_METHODS).default('MUTUAL'),
  /** SEQUENTIAL is Algorithm 1; SIMULTANEOUS updates all students from one forward pass each. */
  updateRule: z.enum(UPDATE_RULES).default('SEQUENTIAL'),
  /** From whom a student learns under MUTUAL: from ALL its peers, or from one, drawn anew for every epoch. */
  partnerRule: z.enum(PARTNER_RULES).default('ALL'),
  /** Softens the posteriors of both sides of the KL term; the paper uses 1. */
  temperature: z.number().min(0.1).max(100).default(1),
  /** Multiplies the KL term; the paper uses 1. */
  weight: z.number().min(0).max(100).default(1),
})
export type Teaching = z.infer<typeof Teaching>

/** How often a run goes through the recipe's epochs: DISTILLATION trains a teacher that is not finished, then the others. */
export function countStages({ method }: Pick<Teaching, 'method'>, isTeacherFinished: boolean): 1 | 2 {
  return method === 'DISTILLATION' && !isTeacherFinished ? 2 : 1
}

/** Teaching takes two. */
export function fewestStudents(method: TeachingMethod): 1 | 2 {
  return method === 'INDEPENDENT' ? 1 : 2
}

/** A cohort: students, in the order in which Algorithm 1 updates them, and their teaching. Under DISTILLATION the first is the teacher. */
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
    error: 'students who teach each other are at least two; a single student trains as INDEPENDENT',
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
  .refine(({ teaching }) => teaching.partnerRule === 'ALL' || teaching.method === 'MUTUAL', {
    path: ['teaching', 'partnerRule'],
    error: 'only under MUTUAL does a student choose partners; leave the partner rule at ALL',
  })
export type Cohort = z.infer<typeof Cohort>
