import type { PartnerRule, TeachingMethod, UpdateRule } from '../../graphql/generated/operations.ts'

interface Choice<Value> {
  value: Value
  label: string
  explanation: string
}

export const teachingMethods: Choice<TeachingMethod>[] = [
  {
    value: 'MUTUAL',
    label: 'Mutual learning',
    explanation: 'Each student learns from the labels and from every peer’s answers.',
  },
  {
    value: 'ENSEMBLE_TEACHER',
    label: 'Ensemble as teacher',
    explanation: 'Each student learns from the labels and from the average of its peers’ answers.',
  },
  {
    value: 'INDEPENDENT',
    label: 'Independent',
    explanation: 'Each student learns alone: the control to compare with.',
  },
  {
    value: 'DISTILLATION',
    label: 'Distillation',
    explanation:
      'The first student learns alone or is a finished model; the others learn from the labels and from its answers.',
  },
]

export const updateRules: Choice<UpdateRule>[] = [
  {
    value: 'SEQUENTIAL',
    label: 'One after the other',
    explanation: 'Each student sees what its peers have just learned (Algorithm 1 of the paper).',
  },
  {
    value: 'SIMULTANEOUS',
    label: 'All at once',
    explanation: 'All students learn from one look at the same pictures; faster.',
  },
]

export const partnerRules: Choice<PartnerRule>[] = [
  {
    value: 'ALL',
    label: 'Every peer',
    explanation: 'Each student learns from all the others, as in the paper.',
  },
  {
    value: 'ONE_PER_EPOCH',
    label: 'One peer an epoch',
    explanation: 'Each student learns from one other, drawn from the seed anew for every epoch.',
  },
]

export function methodLabel(method: TeachingMethod): string {
  return teachingMethods.find(({ value }) => value === method)?.label ?? method
}

export function updateRuleLabel(rule: UpdateRule): string {
  return updateRules.find(({ value }) => value === rule)?.label ?? rule
}

export function partnerRuleLabel(rule: PartnerRule): string {
  return partnerRules.find(({ value }) => value === rule)?.label ?? rule
}
