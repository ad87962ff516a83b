import { createHash } from 'node:crypto'
import type { DatasetFiles } from '../archives/dataset-files.ts'
import type { DatasetFile } from '../archives/file-source.ts'
import { UnreadableFileError } from '../archives/unreadable-file-error.ts'
import { type Arrangement, type LabelledPath, labelledSplitsOf } from '../formats/arrangement.ts'

/** Read before an import to compare files; where there are more, the import itself compares the pixels of all. */
const MAX_COMPARED_BYTES = 128 * 1024 * 1024

/** Images whose files have the same bytes, and not all the same label. */
export async function findSameFiles(
  files: DatasetFiles,
  arrangement: Arrangement,
): Promise<LabelledPath[][]> {
  if (arrangement.kind === 'RETRIEVAL') return []
  const pictures = Object.values(labelledSplitsOf(arrangement)).flat()
  const suspects = gather(pictures, ({ path }) => alikeBefore(files.find(path)))
  const found: LabelledPath[][] = []
  let comparedBytes = 0
  for (const group of suspects) {
    for (const { path } of group) comparedBytes += files.find(path)?.byteLength ?? 0
    if (comparedBytes > MAX_COMPARED_BYTES) break
    found.push(...(await compare(files, group)))
  }
  return found
}

/** What files that are the same have in common, as far as it is known without reading them. */
function alikeBefore(file: DatasetFile | undefined): string | undefined {
  return file && file.byteLength > 0 ? `${file.byteLength} ${file.checksum ?? ''}` : undefined
}

/** Groups by a key; those with a single label say nothing. */
function gather(
  pictures: readonly LabelledPath[],
  keyOf: (picture: LabelledPath) => string | undefined,
): LabelledPath[][] {
  const groups = new Map<string, LabelledPath[]>()
  for (const picture of pictures) {
    const key = keyOf(picture)
    if (key === undefined) continue
    const group = groups.get(key)
    if (group) group.push(picture)
    else groups.set(key, [picture])
  }
  return [...groups.values()].filter((group) => group.some(({ label }) => label !== group[0]?.label))
}

async function compare(files: DatasetFiles, group: readonly LabelledPath[]): Promise<LabelledPath[][]> {
  const hashes = new Map<string, string>()
  for (const { path } of group) {
    const file = files.find(path)
    const bytes = file && (await files.read(file).catch(unlessUnreadable))
    if (bytes) hashes.set(path, createHash('sha256').update(bytes).digest('base64'))
  }
  return gather(group, ({ path }) => hashes.get(path))
}

/** A damaged file is told of by the import. */
function unlessUnreadable(error: unknown): undefined {
  if (!(error instanceof UnreadableFileError)) throw error
}
