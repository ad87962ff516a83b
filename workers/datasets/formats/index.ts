import type { FormatName } from '../../../contract/dataset-formats.ts'
import type { Format } from './arrangement.ts'
import { cifarBinary } from './cifar-binary.ts'
import { cifarPython } from './cifar-python.ts'
import { idx } from './idx.ts'
import { imageFolder } from './image-folder.ts'
import { listedPictures } from './listed-pictures.ts'
import { market1501 } from './market-1501.ts'
import { msmt17 } from './msmt17.ts'
import { numpyArrays } from './numpy-arrays.ts'
import { parquet } from './parquet.ts'
import { webdataset } from './webdataset.ts'

/**
 * The reader of every format that contract/dataset-formats.ts names. A new format is its name there, a file beside this
 * one and its line here, which the compiler asks for.
 */
export const FORMATS = {
  'market-1501': market1501,
  msmt17,
  'cifar-binary': cifarBinary,
  'cifar-python': cifarPython,
  idx,
  'numpy-arrays': numpyArrays,
  parquet,
  webdataset,
  'listed-pictures': listedPictures,
  'image-folder': imageFolder,
} as const satisfies Record<FormatName, Format>
