/** What sets of persons or vehicles that are found again come to, however their files say who is on an image. */
import { DISTRACTOR, nameOfIdentity, seekIn } from '../../../contract/packed/identities.ts'
import { InvalidDatasetError } from '../archives/invalid-dataset-error.ts'
import {
  type Identified,
  type IdentifiedPath,
  type LabelledPath,
  numberClasses,
  type RetrievalArrangement,
} from './arrangement.ts'

export type IdentitySplit = 'train' | 'query' | 'gallery'
export type IdentitySorting = Record<IdentitySplit, IdentifiedPath[]> &
  Pick<RetrievalArrangement, 'ignored' | 'leftOut'>

export interface IdentitySource {
  title: string
  /** The folder or list of each split, and which of the two it is. */
  places: Record<IdentitySplit, string>
  what: 'folder' | 'list'
}

/** @throws InvalidDatasetError where a split is empty, all is one identity, or no query can be found */
export function arrangeIdentified(sorting: IdentitySorting, source: IdentitySource): RetrievalArrangement {
  const { query, gallery, ignored, leftOut } = sorting
  refuseEmptySplits(sorting, source)
  const notes = [
    `Read as ${source.title}: ${count(query.length, 'query', 'queries')}, ${count(gallery.length, 'gallery image')}.`,
    ...galleryNotes(sorting, source),
  ]
  return {
    kind: 'RETRIEVAL',
    ...label(sorting.train, source),
    query,
    gallery,
    ignored,
    leftOut,
    notes,
    doubts: [],
  }
}

function refuseEmptySplits(sorting: IdentitySorting, { title, places, what }: IdentitySource): void {
  for (const [split, place] of Object.entries(places) as [IdentitySplit, string][]) {
    if (sorting[split].length > 0) continue
    const reason = sorting.leftOut.find(({ path }) => path.includes(`${place}/`))?.reason
    throw new InvalidDatasetError(
      `${title}’s ${what} “${place}” is missing or has no image that can be used${reason ? ` (${reason})` : ''}.`,
    )
  }
}

function label(
  train: readonly IdentifiedPath[],
  { places }: IdentitySource,
): { classes: string[]; train: LabelledPath[] } {
  const nameOf = ({ identity }: Identified) => nameOfIdentity(identity)
  const classes = [...new Set(train.map(nameOf))].sort()
  if (classes.length < 2)
    throw new InvalidDatasetError(
      `All images in “${places.train}” are of one identity, ${classes[0]}: two at least are needed to learn.`,
    )
  const labelOf = numberClasses(classes)
  return {
    classes,
    train: train.map((picture) => ({ path: picture.path, label: labelOf(nameOf(picture)) })),
  }
}

/** @throws InvalidDatasetError where no query can be found in the gallery */
function galleryNotes({ query, gallery, leftOut }: IdentitySorting, { places }: IdentitySource): string[] {
  const isFound = seekIn(gallery)
  const lost = query.filter((picture) => !isFound(picture))
  if (lost.length === query.length)
    throw new InvalidDatasetError(
      'For no query the gallery has an image of the same identity from another camera: nothing could be found.',
    )
  const junk = leftOut.filter(
    ({ path, reason }) => reason.startsWith('junk') && path.includes(places.gallery),
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
