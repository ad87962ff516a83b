import { recognizeFile } from '../../../contract/image-kinds.ts'
import type { DatasetFiles } from '../archives/dataset-files.ts'
import type { DatasetFile } from '../archives/file-source.ts'
import { UnreadableFileError } from '../archives/unreadable-file-error.ts'
import { pictureKind } from './picture-names.ts'

export type KindOf = (path: string) => ReturnType<typeof pictureKind>

/** Endings that images have not; whatever has another one, or none, is looked into. */
const NO_IMAGES =
  /\.(txt|csv|tsv|jsonl?|xml|ya?ml|md|rst|html?|css|js|ts|py|ipynb|r|m|sh|bat|c|h|cpp|cfg|ini|toml|log|lst|names|data|mat|npy|npz|pkl|pickle|bin|h5|hdf5|pth?|ckpt|onnx|tfrecords?|parquet|arrow|lmdb|mdb|db|sqlite|zip|tar|t?gz|bz2|xz|7z|rar|pdf|docx?|xlsx?|pptx?|mp3|mp4|avi|mov|mkv|wav|exe|dll|svg|license|gitignore)$/i
const MAX_BYTES = 64 * 1024 * 1024

/** What every file is by its name, or, where that tells nothing, as names without an ending do, by its content. */
export async function recognizePictures(files: DatasetFiles): Promise<KindOf> {
  const images = new Set<string>()
  for (const file of files.list) if (await isUnnamedImage(files, file)) images.add(file.path)
  return (path) => (images.has(path) ? 'READABLE' : pictureKind(path))
}

async function isUnnamedImage(files: DatasetFiles, file: DatasetFile): Promise<boolean> {
  const { path, byteLength } = file
  if (byteLength === 0 || byteLength > MAX_BYTES || pictureKind(path) !== 'NONE' || NO_IMAGES.test(path))
    return false
  try {
    return recognizeFile(await files.read(file)).format !== null
  } catch (error) {
    if (error instanceof UnreadableFileError) return false
    throw error
  }
}
