import {
  DIVERGENCES,
  type Divergence,
  ENSEMBLE_RULES,
  type EnsembleRule,
  PARTNER_RULES,
  type PartnerRule,
  TEACHING_METHODS,
  type TeachingMethod,
  UPDATE_RULES,
  type UpdateRule,
} from '../../../contract/cohort.ts'

interface Words {
  label: string
  explanation: string
}

/** The contract's values, in its order, with their labels. */
function choicesOf<Value extends string>(values: readonly Value[], words: Record<Value, Words>) {
  return values.map((value) => ({ value, ...words[value] }))
}

const teachingMethodWords: Record<TeachingMethod, Words> = {
  MUTUAL: {
    label: 'Mutual learning',
    explanation: 'Each student learns from the labels and from every peer’s predictions.',
  },
  ENSEMBLE_TEACHER: {
    label: 'Ensemble as teacher',
    explanation: 'Each student learns from the labels and from the mean prediction of its peers.',
  },
  INDEPENDENT: {
    label: 'Independent',
    explanation: 'Each student learns alone: the control.',
  },
  DISTILLATION: {
    label: 'Distillation',
    explanation:
      'The first student is trained alone or is a trained model; the others learn from the labels and from its predictions.',
  },
}

export const teachingMethods = choicesOf(TEACHING_METHODS, teachingMethodWords)

const updateRuleWords: Record<UpdateRule, Words> = {
  SEQUENTIAL: {
    label: 'One after the other',
    explanation: 'Each student sees what its peers have just learned (Algorithm 1 of the paper).',
  },
  SIMULTANEOUS: {
    label: 'All at once',
    explanation: 'All students are updated from one forward pass each; faster.',
  },
}

export const updateRules = choicesOf(UPDATE_RULES, updateRuleWords)

const partnerRuleWords: Record<PartnerRule, Words> = {
  ALL: {
    label: 'Every peer',
    explanation: 'Each student learns from all the others, as in the paper.',
  },
  ONE_PER_EPOCH: {
    label: 'One peer an epoch',
    explanation: 'Each student learns from one peer, redrawn from the seed every epoch.',
  },
}

export const partnerRules = choicesOf(PARTNER_RULES, partnerRuleWords)

const divergenceWords: Record<Divergence, Words> = {
  KL: { label: 'KL', explanation: 'From the peer’s posterior, as in the paper.' },
  SYMMETRIC_KL: {
    label: 'Symmetric KL',
    explanation: 'The mean of both directions, with which the paper compares.',
  },
  DECOUPLED_KL: {
    label: 'Decoupled KL',
    explanation:
      'What a peer believes of the image’s class and of the other classes, each by its own weight.',
  },
}

const ensembleRuleWords: Record<EnsembleRule, Words> = {
  MEAN_POSTERIOR: { label: 'Mean', explanation: 'What the peers believe on average.' },
  LEAST_LOSS: {
    label: 'Best student',
    explanation: 'What the student says that knows the image best, the learning one among them.',
  },
  LEAST_LOGITS: {
    label: 'Least logits',
    explanation: 'For each wrong class what the student says that believes in it least.',
  },
}

export const ensembleRules = choicesOf(ENSEMBLE_RULES, ensembleRuleWords)

export function ensembleRuleLabel(rule: EnsembleRule): string {
  return ensembleRuleWords[rule].label
}

export const divergences = choicesOf(DIVERGENCES, divergenceWords)

export function divergenceLabel(divergence: Divergence): string {
  return divergenceWords[divergence].label
}

export function methodLabel(method: TeachingMethod): string {
  return teachingMethodWords[method].label
}

export function updateRuleLabel(rule: UpdateRule): string {
  return updateRuleWords[rule].label
}

export function partnerRuleLabel(rule: PartnerRule): string {
  return partnerRuleWords[rule].label
}
