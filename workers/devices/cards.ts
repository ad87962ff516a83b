/** A GPU as reported by `nvidia-smi`. */
export interface Card {
  index: number
  uuid: string
  name: string
  memoryBytes: number
  /** Of the machine; null if nvidia-smi does not tell. */
  driver: string | null
}

/** Arguments for `nvidia-smi` whose output `parseCards` reads. */
export const CARDS_QUERY = [
  '--query-gpu=index,uuid,name,memory.total,driver_version',
  '--format=csv,noheader,nounits',
]

const MIB = 1024 ** 2

/**
 * Parses `nvidia-smi`'s output, one line per GPU: `0, GPU-5d7c…, NVIDIA A100-SXM4-80GB, 81920, 570.86.15` (MiB). Other
 * lines (warnings, a GPU that fell off the bus) are skipped.
 */
export function parseCards(output: string): Card[] {
  return output.split('\n').flatMap((line) => {
    const match = /^\s*(\d+),\s*(GPU-[\w-]+),\s*(.+?),\s*(\d+)(?:,\s*([\d.]+))?\s*$/.exec(line)
    if (!match) return []
    const [, index, uuid = '', name = '', mebibytes, driver = null] = match
    return [{ index: Number(index), uuid, name, memoryBytes: Number(mebibytes) * MIB, driver }]
  })
}

/**
 * The GPUs that CUDA_VISIBLE_DEVICES selects: all if unset, none if empty. Follows CUDA's rules: an index or
 * a UUID prefix each, in the given order, up to the first entry that matches no GPU.
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
