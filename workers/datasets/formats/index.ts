import { FORMAT_NAMES, type FormatName } from '../../../contract/dataset-formats.ts'
import type { DatasetFiles } from '../archives/dataset-files.ts'
import type { Format } from './arrangement.ts'
import { cifarBinary } from './cifar-binary.ts'
import { cifarPython } from './cifar-python.ts'
import { idx } from './idx.ts'
import { imageFolder } from './image-folder.ts'
import { listedPictures } from './listed-pictures.ts'
import { market1501 } from './market-1501.ts'

/**
 * The formats that a dataset can come in, the most particular first; a new one is a file beside this and a line here.
 * An ImageFolder can be called anything, so it is what is left. The names stand in contract/dataset-formats.ts, too.
 */
export const FORMATS = {
  'market-1501': market1501,
  'cifar-binary': cifarBinary,
  'cifar-python': cifarPython,
  idx,
  'listed-pictures': listedPictures,
  'image-folder': imageFolder,
} as const satisfies Record<FormatName, Format>

/** The format that the names and first bytes of a dataset's files show. */
export async function recognizeFormat(files: DatasetFiles): Promise<FormatName> {
  for (const name of FORMAT_NAMES) if (await FORMATS[name].recognizes(files)) return name
  return 'image-folder'
}
