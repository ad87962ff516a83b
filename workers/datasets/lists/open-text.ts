import type { DatasetFiles } from '../archives/dataset-files.ts'
import type { DatasetFile } from '../archives/file-source.ts'
import { CODE_PAGES } from '../text/code-pages.ts'
import { decodeText, findEncoding } from '../text/decode-text.ts'

export interface OpenText {
  text: AsyncIterable<string>
  /** What a person should know of how it was read. */
  notes: string[]
}

/** A text file of a dataset, decoded; it is gone through once before, for what it is encoded in. */
export async function openText(files: DatasetFiles, file: DatasetFile): Promise<OpenText> {
  const encoding = await findEncoding(await files.stream(file))
  const text = decodeText(await files.stream(file), encoding)
  if (!(encoding in CODE_PAGES)) return { text, notes: [] }
  const { title } = CODE_PAGES[encoding as keyof typeof CODE_PAGES]
  const note = `“${file.path}” is in no Unicode; it was read as ${title}, which is likeliest. Save it as UTF-8 where names come out wrong.`
  return { text, notes: [note] }
}
