import type { PartnerRule, TeachingMethod } from '../../../contract/cohort.ts'

export interface TaughtStudent {
  name: string
  architecture: string
}

/** Who learns from whom. */
export interface Lesson {
  /** Positions in the cohort; `MEAN` stands for the mean prediction of a student's peers. */
  from: number | 'LABELS' | 'MEAN'
  to: number | 'MEAN'
}

export interface TeachingRules {
  method: TeachingMethod
  partnerRule: PartnerRule
}

/** Every lesson of a cohort, in the order of those who learn. Under DISTILLATION the first student is the teacher. */
export function lessonsOf({ method }: Pick<TeachingRules, 'method'>, count: number): Lesson[] {
  const students = Array.from({ length: count }, (_, i) => i)
  const labels = students.map((to): Lesson => ({ from: 'LABELS', to }))
  if (method === 'INDEPENDENT') return labels
  if (method === 'DISTILLATION')
    return [...labels, ...students.slice(1).map((to): Lesson => ({ from: 0, to }))]
  if (method === 'ENSEMBLE_TEACHER')
    return [
      ...labels,
      ...students.map((from): Lesson => ({ from, to: 'MEAN' })),
      ...students.map((to): Lesson => ({ from: 'MEAN', to })),
    ]
  return [
    ...labels,
    ...students.flatMap((to) => students.filter((from) => from !== to).map((from): Lesson => ({ from, to }))),
  ]
}

/** The drawing in a sentence. */
export function describeTeaching({ method, partnerRule }: TeachingRules, names: readonly string[]): string {
  const [first = 'The student'] = names
  const all = names.length === 1 ? first : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
  const each = names.length === 1 ? 'learns' : 'each learn'
  switch (method) {
    case 'INDEPENDENT':
      return `${all} ${each} from the labels alone.`
    case 'DISTILLATION':
      return `${all} learn from the labels; ${first} teaches the others.`
    case 'ENSEMBLE_TEACHER':
      return `${all} ${each} from the labels and from the mean prediction of the others.`
    case 'MUTUAL':
      return partnerRule === 'ALL'
        ? `${all} ${each} from the labels and from every other.`
        : `${all} ${each} from the labels and from one other, redrawn every epoch.`
  }
}
