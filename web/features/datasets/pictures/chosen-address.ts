import type { Place } from './use-selection.ts'

/** `train.3.17` */
const CHOSEN = /^([a-z]{1,20})((?:\.\d{1,9})+)$/

/** Where a version’s page is with these images of a split chosen, to be left out or moved. */
export function addressOfChosen(
  base: string,
  version: { datasetId: string; number: number },
  chosen: { split: string; indices: readonly number[] },
): string {
  const { datasetId, number } = version
  return `${base}/datasets/${datasetId}?version=${number}&chosen=${chosen.split}.${chosen.indices.join('.')}`
}

/** The images that the address chooses; none where it is not understood. */
export function readChosen(chosen: string | null): Place[] {
  const [, split, indices] = CHOSEN.exec(chosen ?? '') ?? []
  if (!split || !indices) return []
  return indices
    .slice(1)
    .split('.')
    .map((index) => ({ split, index: Number(index) }))
}
