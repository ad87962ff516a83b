/**
 * Market-1501 (Zheng et al. 2015) and whatever copies its form, as DukeMTMC-reID does: three folders, and names such as
 * `0002_c1s1_000451_03.jpg` that begin with who is on the image (0002) and which camera took it (1). Identity -1 is
 * junk, which the protocol drops; 0000 is a distractor, nobody's image, which stays in the gallery as a wrong answer.
 */
import { DISTRACTOR, nameOfIdentity, seekIn } from '../../../contract/packed/identities.ts'
import { InvalidDatasetError } from '../archives/invalid-dataset-error.ts'
import { pictureKind, REASONS } from '../pictures/picture-names.ts'
import {
  type Format,
  type Identified,
  type IdentifiedPath,
  type LabelledPath,
  numberClasses,
  pathsOf,
  type RetrievalArrangement,
} from './arrangement.ts'

const FOLDERS = { train: 'bounding_box_train', query: 'query', gallery: 'bounding_box_test' } as const
type SplitName = keyof typeof FOLDERS

const NAME = /^(-1|\d{1,9})_c(\d{1,4})(?!\d)/
const TRAINING_PICTURE = /^(.*\/)?bounding_box_train\/(-1|\d{1,9})_c\d[^/]*$/

export const market1501: Format = {
  recognizes: async (files) => pathsOf(files).some((path) => TRAINING_PICTURE.test(path)),
  arrange: async (files) => arrange(pathsOf(files)),
}

type Sorting = Record<SplitName, IdentifiedPath[]> & Pick<RetrievalArrangement, 'ignored' | 'leftOut'>

function arrange(sortedPaths: readonly string[]): RetrievalArrangement {
  const prefix = commonFolder(sortedPaths)
  const sorting: Sorting = { train: [], query: [], gallery: [], ignored: [], leftOut: [] }
  for (const path of sortedPaths) sortIn(sorting, path, prefix)
  const { query, gallery, ignored, leftOut } = sorting
  refuseEmptyFolders(sorting)
  const notes = [
    `Read as Market-1501: ${count(query.length, 'query', 'queries')}, ${count(gallery.length, 'gallery image')}.`,
    ...galleryNotes(sorting),
  ]
  return { kind: 'RETRIEVAL', ...label(sorting.train), query, gallery, ignored, leftOut, notes, doubts: [] }
}

/** The folder that holds the three, such as `Market-1501-v15.09.15/`. */
function commonFolder(paths: readonly string[]): string {
  const first = paths.map((path) => TRAINING_PICTURE.exec(path)).find((match) => match !== null)
  if (!first) throw new InvalidDatasetError(`There is no image in a folder “${FOLDERS.train}”.`)
  return first[1] ?? ''
}

function sortIn(sorting: Sorting, path: string, prefix: string): void {
  const split = splitOf(path, prefix)
  const kind = pictureKind(path)
  if (!split) sorting.ignored.push({ path, reason: 'it lies outside the three folders of Market-1501' })
  else if (kind === 'NONE') sorting.ignored.push({ path, reason: REASONS.NONE })
  else if (kind === 'OTHER') sorting.leftOut.push({ path, reason: REASONS.OTHER })
  else {
    const read = readPicture(path, split)
    if ('reason' in read) sorting.leftOut.push({ path, reason: read.reason })
    else sorting[split].push({ path, ...read })
  }
}

/** Who is on it, or why it is left out. */
function readPicture(path: string, split: SplitName): Identified | { reason: string } {
  const identified = readName(path)
  if (!identified) return { reason: 'its name is not like 0002_c1s1_000451_03.jpg' }
  const reason = reasonToLeaveOut(identified, split)
  return reason ? { reason } : identified
}

function splitOf(path: string, prefix: string): SplitName | undefined {
  const names = Object.keys(FOLDERS) as SplitName[]
  return names.find((name) => path.startsWith(`${prefix}${FOLDERS[name]}/`))
}

function readName(path: string): Identified | undefined {
  const match = NAME.exec(path.slice(path.lastIndexOf('/') + 1))
  return match ? { identity: Number(match[1]), camera: Number(match[2]) } : undefined
}

function reasonToLeaveOut({ identity }: Identified, split: SplitName): string | undefined {
  if (identity === -1) return 'junk (identity -1), as the protocol has it'
  if (identity === DISTRACTOR && split === 'train') return 'a distractor (identity 0000) is nobody to learn'
  if (identity === DISTRACTOR && split === 'query')
    return 'a distractor (identity 0000) is nobody to search for'
  return undefined
}

function refuseEmptyFolders(sorting: Sorting): void {
  for (const [split, folder] of Object.entries(FOLDERS) as [SplitName, string][]) {
    if (sorting[split].length > 0) continue
    const reason = sorting.leftOut.find(({ path }) => splitOf(path, '') === split)?.reason
    throw new InvalidDatasetError(
      `Market-1501’s folder “${folder}” is missing or has no image that can be used${reason ? ` (${reason})` : ''}.`,
    )
  }
}

function label(train: readonly IdentifiedPath[]): { classes: string[]; train: LabelledPath[] } {
  const nameOf = ({ identity }: Identified) => nameOfIdentity(identity)
  const classes = [...new Set(train.map(nameOf))].sort()
  if (classes.length < 2)
    throw new InvalidDatasetError(
      `All images in “${FOLDERS.train}” are of one identity, ${classes[0]}: two at least are needed to learn.`,
    )
  const labelOf = numberClasses(classes)
  return {
    classes,
    train: train.map((picture) => ({ path: picture.path, label: labelOf(nameOf(picture)) })),
  }
}

/** @throws InvalidDatasetError where no query can be found in the gallery */
function galleryNotes({ query, gallery, leftOut }: Sorting): string[] {
  const isFound = seekIn(gallery)
  const lost = query.filter((picture) => !isFound(picture))
  if (lost.length === query.length)
    throw new InvalidDatasetError(
      'For no query the gallery has an image of the same identity from another camera: nothing could be found.',
    )
  const junk = leftOut.filter(
    ({ path, reason }) => reason.startsWith('junk') && path.includes(FOLDERS.gallery),
  )
  const distractors = gallery.filter(({ identity }) => identity === DISTRACTOR)
  return [
    ...(junk.length > 0 ? [`${count(junk.length, 'junk image')} of the gallery left out.`] : []),
    ...(distractors.length > 0 ? [`${count(distractors.length, 'distractor')} kept in the gallery.`] : []),
    ...(lost.length > 0
      ? [
          `${count(lost.length, 'query has', 'queries have')} no match from another camera and will not count.`,
        ]
      : []),
  ]
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`
}
