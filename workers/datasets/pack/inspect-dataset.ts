import { FORMAT_TITLES } from '../../../contract/dataset-formats.ts'
import { SHOWN_CLASSES, UploadInspection } from '../../../contract/upload-inspection.ts'
import { openDatasetFiles } from '../archives/dataset-files.ts'
import { InvalidDatasetError } from '../archives/invalid-dataset-error.ts'
import { arrangeFiles, recognizeFormat } from '../formats/arrange-files.ts'
import { type Arrangement, type LabelledPath, type Placed, splitsOf } from '../formats/arrangement.ts'
import { countByClass, doubtSameImages, doubtsOfClasses } from '../formats/class-doubts.ts'
import { findSameFiles } from './find-same-files.ts'

const SHOWN_NOTES = 20

/** What a zip, tar, tar.gz or folder would be imported as: its names are read, no image is decoded. */
export async function inspectDataset(location: string, scratch?: string): Promise<UploadInspection> {
  try {
    const files = await openDatasetFiles(location, scratch)
    try {
      const format = await recognizeFormat(files)
      const arrangement = await arrangeFiles(files, format)
      const { classes, leftOut, ignored, notes, doubts } = arrangement
      return UploadInspection.parse({
        outcome: 'RECOGNISED',
        format,
        title: FORMAT_TITLES[format],
        kind: arrangement.kind,
        classCount: classes.length,
        classes: classes.slice(0, SHOWN_CLASSES),
        splits: countSplits(arrangement),
        leftOutCount: leftOut.length,
        ignoredCount: ignored.length,
        notes: notes.slice(0, SHOWN_NOTES),
        doubts: [
          ...doubts,
          ...doubtsOfClasses(arrangement),
          ...doubtSameImages(await findSameFiles(files, arrangement), classes),
        ],
      })
    } finally {
      await files.close()
    }
  } catch (error) {
    if (error instanceof InvalidDatasetError) return { outcome: 'REFUSED', reason: error.message }
    throw error
  }
}

function countSplits(arrangement: Arrangement): { name: string; count: number; classCounts: number[] }[] {
  const shown = Math.min(arrangement.classes.length, SHOWN_CLASSES)
  return Object.entries(splitsOf(arrangement)).map(([name, pictures]) => ({
    name,
    count: pictures.length,
    classCounts: pictures.some(isLabelled)
      ? countByClass(pictures.filter(isLabelled), arrangement.classes.length).slice(0, shown)
      : [],
  }))
}

function isLabelled(picture: Placed): picture is LabelledPath {
  return 'label' in picture
}
