import {
  type Divergence,
  type EnsembleRule,
  type PartnerRule,
  Student,
  Teaching,
  type TeachingMethod,
  type UpdateRule,
} from '../../../contract/cohort.ts'
import { StartingWeights } from '../../../contract/starting-weights.ts'
import { checkNumber, rangeOf } from '../../forms/number-range.ts'
import { sentence } from '../../forms/sentence.ts'
import type { CreateCohortInput } from '../../graphql/generated/operations.ts'

export const temperatureRange = rangeOf(Teaching.shape.temperature)
export const frozenEpochsRange = rangeOf(StartingWeights.shape.frozenEpochs)
export const weightRange = rangeOf(Teaching.shape.weight)
export const featureWeightRange = rangeOf(Teaching.shape.featureWeight)
export const classWeightRange = rangeOf(Teaching.shape.targetClassWeight)
export const peerAverageRange = rangeOf(Teaching.shape.peerAverageDecay.unwrap().unwrap())

export interface StudentValues {
  /** React key, since the name changes while the user types. */
  key: string
  name: string
  architecture: string
  /** The finished model whose weights it begins with; null for what the seed draws. */
  startModelId: string | null
  /** The team's file of weights that it begins with instead. */
  startWeightsId: string | null
}

export interface CohortValues {
  name: string
  students: StudentValues[]
  /** The finished model that is the teacher of a DISTILLATION; null to train the teacher first. */
  finishedModelId: string | null
  /** Of the weights that students begin with. */
  frozenEpochs: number | string
  method: TeachingMethod
  updateRule: UpdateRule
  partnerRule: PartnerRule
  temperature: number | string
  weight: number | string
  divergence: Divergence
  featureWeight: number | string
  targetClassWeight: number | string
  otherClassesWeight: number | string
  standardizesLogits: boolean
  ensembleRule: EnsembleRule
  /** Empty for none. */
  peerAverageDecay: number | string
  pausesLeader: boolean
}

/** Of a student that begins with what the seed draws. */
const DRAWN = { startModelId: null, startWeightsId: null }

/** A student with a name that is not taken yet, nor one of those that are others'. */
export function nextStudent(
  students: StudentValues[],
  architecture: string,
  others: readonly string[] = [],
): StudentValues {
  const taken = new Set([...students.map(({ name }) => name), ...others])
  let number = students.length + 1
  while (taken.has(`student-${number}`)) number++
  return { key: crypto.randomUUID(), name: `student-${number}`, architecture, ...DRAWN }
}

export function firstValues(architecture: string): CohortValues {
  const common = { architecture, ...DRAWN }
  const first = { key: 'first', name: 'student-1', ...common }
  const second = { key: 'second', name: 'student-2', ...common }
  return {
    name: '',
    students: [first, second],
    finishedModelId: null,
    frozenEpochs: 0,
    ...Teaching.parse({}),
    peerAverageDecay: '',
  }
}

/** Students of these architectures, named anew. */
export function studentsOf(architectures: readonly string[]): StudentValues[] {
  const students: StudentValues[] = []
  for (const architecture of architectures) students.push(nextStudent(students, architecture))
  return students
}

type Taught = Pick<CohortValues, 'method' | 'divergence'>
const hasPeers = ({ method }: Taught) => method === 'MUTUAL' || method === 'ENSEMBLE_TEACHER'
const isDecoupled = ({ method, divergence }: Taught) =>
  method !== 'INDEPENDENT' && divergence === 'DECOUPLED_KL'

/** A field that is not shown has no problem: nobody could see it. */
export const cohortRules = {
  name: (value: string) => (value.trim() ? null : 'Give the cohort a name.'),
  students: {
    name: (value: string, values: CohortValues) => {
      const [problem] = Student.shape.name.safeParse(value).error?.issues ?? []
      if (problem) return sentence(problem.message)
      return values.students.filter(({ name }) => name === value).length > 1
        ? 'Another student has this name.'
        : null
    },
  },
  frozenEpochs: (value: number | string) => checkNumber(value, frozenEpochsRange),
  temperature: (value: number | string) => checkNumber(value, temperatureRange),
  weight: (value: number | string) => checkNumber(value, weightRange),
  featureWeight: (value: number | string) => checkNumber(value, featureWeightRange),
  targetClassWeight: (value: number | string, values: Taught) =>
    isDecoupled(values) ? checkNumber(value, classWeightRange) : null,
  otherClassesWeight: (value: number | string, values: Taught) =>
    isDecoupled(values) ? checkNumber(value, classWeightRange) : null,
  peerAverageDecay: (value: number | string, values: Taught) =>
    value === '' || !hasPeers(values) ? null : checkNumber(value, peerAverageRange),
}

export function toInput(values: CohortValues, teamId: string): CreateCohortInput {
  // The user may have chosen something before switching to a method for which it has no meaning.
  const isEnsemble = values.method === 'ENSEMBLE_TEACHER'
  const { targetClassWeight, otherClassesWeight } = isDecoupled(values) ? values : Teaching.parse({})
  return {
    teamId,
    name: values.name.trim(),
    students: values.students.map(({ name, architecture, startModelId, startWeightsId }, position) => {
      const isTeacher = position === 0 && values.method === 'DISTILLATION'
      const finishedModelId = isTeacher ? values.finishedModelId : null
      // A finished teacher is not trained.
      const start = finishedModelId === null ? { startModelId, startWeightsId } : DRAWN
      const isStarted = start.startModelId !== null || start.startWeightsId !== null
      const frozenEpochs = isStarted ? Number(values.frozenEpochs) : 0
      return { name, architecture, finishedModelId, ...start, frozenEpochs }
    }),
    teaching: {
      method: values.method,
      updateRule: values.updateRule,
      partnerRule: values.method === 'MUTUAL' ? values.partnerRule : 'ALL',
      temperature: Number(values.temperature),
      weight: Number(values.weight),
      divergence: values.divergence,
      featureWeight: Number(values.featureWeight),
      targetClassWeight: Number(targetClassWeight),
      otherClassesWeight: Number(otherClassesWeight),
      standardizesLogits: values.standardizesLogits,
      ensembleRule: isEnsemble ? values.ensembleRule : 'MEAN_POSTERIOR',
      peerAverageDecay:
        hasPeers(values) && values.peerAverageDecay !== '' ? Number(values.peerAverageDecay) : null,
      pausesLeader: hasPeers(values) && values.pausesLeader,
    },
  }
}
