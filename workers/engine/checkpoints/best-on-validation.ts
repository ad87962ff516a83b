/** The best state so far, which every checkpoint carries along: a resumed run needs no other file for it. */

export interface BestOnValidation {
  step: number
  /** Mean validation accuracy of the students that learn last. */
  score: number
  /** By name, as in CohortProgram.readTrainedWeights. */
  weights: ReadonlyMap<string, Float32Array>
}

/** No student's name has a colon. */
const PREFIX = 'best:'

/** As tensors and text beside a checkpoint's own. */
export function packBest(best: BestOnValidation | undefined): {
  state: [string, Float32Array][]
  metadata: Record<string, string>
} {
  if (!best) return { state: [], metadata: {} }
  const { step, score, weights } = best
  return {
    state: [...weights].map(([name, values]) => [`${PREFIX}${name}`, values]),
    metadata: { best: JSON.stringify({ step, score }) },
  }
}

/** The inverse: what is a checkpoint's own, and the best. */
export function unpackBest(
  all: ReadonlyMap<string, Float32Array>,
  metadata: Readonly<Record<string, string>>,
): { state: Map<string, Float32Array>; best: BestOnValidation | undefined } {
  const isBest = (name: string) => name.startsWith(PREFIX)
  const state = new Map([...all].filter(([name]) => !isBest(name)))
  if (metadata.best === undefined) return { state, best: undefined }
  const { step, score } = JSON.parse(metadata.best) as { step: number; score: number }
  const weights = [...all].filter(([name]) => isBest(name))
  return {
    state,
    best: {
      step,
      score,
      weights: new Map(weights.map(([name, values]) => [name.slice(PREFIX.length), values])),
    },
  }
}
