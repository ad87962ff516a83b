import type { TradeOffFilesQuery, TradeOffPartsFragment } from '../../../graphql/generated/operations.ts'
import type { Candidate } from './use-measuring.ts'

/** Above this a single model is left out: a browser would hold it several times. */
export const MAX_MODEL_BYTES = 64 * 2 ** 20
/** Of all that are measured together. */
export const MAX_TOTAL_BYTES = 256 * 2 ** 20
/** What is chosen before somebody has chosen. */
const FIRST_MODELS = 8
const FIRST_BYTES = 32 * 2 ** 20

type Points = TradeOffPartsFragment['points']

/** Those of the points that there is a TF.js file of that is not too large, in their order. */
export function candidatesOf(points: Points, nodes: TradeOffFilesQuery['nodes']): Candidate[] {
  const artifacts = new Map(
    nodes.flatMap((node) => {
      if (node?.__typename !== 'Model' && node?.__typename !== 'Ensemble') return []
      const artifact = node.artifacts.find(({ format }) => format === 'TFJS')
      return artifact && artifact.byteLength <= MAX_MODEL_BYTES ? [[node.id, artifact] as const] : []
    }),
  )
  return points.flatMap(({ id, name, runNumber, network }) => {
    const artifact = artifacts.get(id)
    return artifact ? [{ modelId: id, name: `${name} of run ${runNumber}`, network, artifact }] : []
  })
}

/** The first few, as long as they are small together. */
export function firstChosen(candidates: readonly Candidate[]): string[] {
  const chosen: string[] = []
  let bytes = 0
  for (const { modelId, artifact } of candidates) {
    bytes += artifact.byteLength
    if (chosen.length === FIRST_MODELS || bytes > FIRST_BYTES) break
    chosen.push(modelId)
  }
  return chosen
}
