import { Explanation } from '../../../contract/runs/explanation.ts'
import { describeMeasure } from '../../../experiments/why/describe-measure.ts'
import type { RunExplanationResolvers } from '../generated/resolvers.ts'

export const RunExplanation: RunExplanationResolvers = {
  progress: ({ done }) => done,
  trainImages: ({ result }) => resultOf(result)?.trainCount ?? null,
  testImages: ({ result }) => resultOf(result)?.testCount ?? null,
  draws: ({ result }) => resultOf(result)?.draws ?? null,
  measures: ({ result }) =>
    (resultOf(result)?.measures ?? []).map((measure) => {
      const { name, student, level, own, alone, difference } = measure
      const { interval, words } = describeMeasure(measure)
      return {
        ...{ name, student, level, own, alone, words },
        difference: difference?.mean ?? own - alone,
        low: interval?.low ?? null,
        high: interval?.high ?? null,
      }
    }),
}

function resultOf(stored: unknown): Explanation | null {
  return stored === null ? null : Explanation.parse(stored)
}
