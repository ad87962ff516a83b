/** A graphics card as `nvidia-smi` tells of it. */
export interface Card {
  index: number
  uuid: string
  name: string
  memoryBytes: number
}

/** What to ask `nvidia-smi` for, so that `parseCards` can read its answer. */
export const CARDS_QUERY = ['--query-gpu=index,uuid,name,memory.total', '--format=csv,noheader,nounits']

const MIB = 1024 ** 2

/**
 * Reads `nvidia-smi`'s answer, a line a card: `0, GPU-5d7c…, NVIDIA A100-SXM4-80GB, 81920` (MiB).
 * Lines that are none (warnings, a card that fell off the bus) are passed over.
 */
export function parseCards(output: string): Card[] {
  return output.split('\n').flatMap((line) => {
    const match = /^\s*(\d+),\s*(GPU-[\w-]+),\s*(.+?),\s*(\d+)\s*$/.exec(line)
    if (!match) return []
    const [, index, uuid = '', name = '', mebibytes] = match
    return [{ index: Number(index), uuid, name, memoryBytes: Number(mebibytes) * MIB }]
  })
}

/**
 * The cards that CUDA_VISIBLE_DEVICES leaves: all where it is not set, none where it is empty. As CUDA reads it: by index
 * or by the beginning of the UUID, in its order, up to the first that names no card.
 */
export function visibleCards(cards: readonly Card[], setting: string | undefined): Card[] {
  if (setting === undefined) return [...cards]
  const visible: Card[] = []
  for (const wanted of setting.split(',').map((part) => part.trim())) {
    const card = cards.find(
      ({ index, uuid }) => wanted !== '' && (String(index) === wanted || uuid.startsWith(wanted)),
    )
    if (!card || visible.includes(card)) break
    visible.push(card)
  }
  return visible
}
