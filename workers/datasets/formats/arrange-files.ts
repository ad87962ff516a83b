import { FORMAT_NAMES, type FormatName } from '../../../contract/dataset-formats.ts'
import type { DatasetFiles } from '../archives/dataset-files.ts'
import { InvalidDatasetError } from '../archives/invalid-dataset-error.ts'
import { UnreadableFileError } from '../archives/unreadable-file-error.ts'
import { pictureKind } from '../pictures/picture-names.ts'
import type { Arrangement } from './arrangement.ts'
import { FORMATS } from './index.ts'

/** The format that the names and first bytes of a dataset's files show. */
export async function recognizeFormat(files: DatasetFiles): Promise<FormatName> {
  for (const name of FORMAT_NAMES) if (await FORMATS[name].recognizes(files)) return name
  return 'image-folder'
}

/** @throws InvalidDatasetError, also where a file that all depends on is damaged */
export async function arrangeFiles(
  files: DatasetFiles,
  format: FormatName | undefined,
): Promise<Arrangement> {
  try {
    const arrangement = await FORMATS[format ?? (await recognizeFormat(files))].arrange(files)
    return withFilesLeftOut(arrangement, files)
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error
    throw new InvalidDatasetError(`A file that says what is in it cannot be read: ${error.message}.`, {
      cause: error,
    })
  }
}

/** Names alike what was passed over by its name alone. */
function withFilesLeftOut(arrangement: Arrangement, { leftOut, notes }: DatasetFiles): Arrangement {
  const isPicture = ({ path }: { path: string }) => pictureKind(path) !== 'NONE'
  return {
    ...arrangement,
    notes: [...notes, ...arrangement.notes],
    leftOut: [...arrangement.leftOut, ...leftOut.filter(isPicture)],
    ignored: [...arrangement.ignored, ...leftOut.filter((file) => !isPicture(file))],
  }
}
