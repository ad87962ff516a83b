/**
 * Market-1501 (Zheng et al. 2015) and whatever copies its form, as DukeMTMC-reID does: three folders, and names such as
 * `0002_c1s1_000451_03.jpg` that begin with who is on the image (0002) and which camera took it (1). Identity -1 is
 * junk, which the protocol drops; 0000 is a distractor, nobody's image, which stays in the gallery as a wrong answer.
 */
import { DISTRACTOR } from '../../../contract/packed/identities.ts'
import { InvalidDatasetError } from '../archives/invalid-dataset-error.ts'
import { pictureKind, REASONS } from '../pictures/picture-names.ts'
import { type Format, type Identified, pathsOf, type RetrievalArrangement } from './arrangement.ts'
import {
  arrangeIdentified,
  type IdentitySorting,
  type IdentitySource,
  type IdentitySplit,
} from './re-identification.ts'

const SOURCES: IdentitySource[] = [
  {
    title: 'Market-1501',
    places: { train: 'bounding_box_train', query: 'query', gallery: 'bounding_box_test' },
    what: 'folder',
  },
  // Vehicles (Liu et al. 2016), named alike: 0001_c001_00016450_0.jpg.
  {
    title: 'VeRi-776',
    places: { train: 'image_train', query: 'image_query', gallery: 'image_test' },
    what: 'folder',
  },
]

const NAME = /^(-1|\d{1,9})_c(\d{1,4})(?!\d)/
export const market1501: Format = {
  recognizes: async (files) => findSource(pathsOf(files)) !== undefined,
  arrange: async (files) => arrange(pathsOf(files)),
}

interface Found {
  source: IdentitySource
  /** The folder that holds the three, such as `Market-1501-v15.09.15/`. */
  prefix: string
}

function arrange(sortedPaths: readonly string[]): RetrievalArrangement {
  const found = findSource(sortedPaths)
  if (!found) throw new InvalidDatasetError('There is no image in a folder “bounding_box_train”.')
  const sorting: IdentitySorting = { train: [], query: [], gallery: [], ignored: [], leftOut: [] }
  for (const path of sortedPaths) sortIn(sorting, path, found)
  return arrangeIdentified(sorting, found.source)
}

/** By the first training image that is named as theirs are. */
function findSource(paths: readonly string[]): Found | undefined {
  for (const source of SOURCES) {
    const training = new RegExp(`^(.*/)?${source.places.train}/(-1|\\d{1,9})_c\\d[^/]*$`)
    for (const path of paths) {
      const match = training.exec(path)
      if (match) return { source, prefix: match[1] ?? '' }
    }
  }
  return undefined
}

function sortIn(sorting: IdentitySorting, path: string, found: Found): void {
  const split = splitOf(path, found)
  const kind = pictureKind(path)
  if (!split)
    sorting.ignored.push({ path, reason: `it lies outside the three folders of ${found.source.title}` })
  else if (kind === 'NONE') sorting.ignored.push({ path, reason: REASONS.NONE })
  else if (kind === 'OTHER') sorting.leftOut.push({ path, reason: REASONS.OTHER })
  else {
    const read = readPicture(path, split)
    if ('reason' in read) sorting.leftOut.push({ path, reason: read.reason })
    else sorting[split].push({ path, ...read })
  }
}

/** Who is on it, or why it is left out. */
function readPicture(path: string, split: IdentitySplit): Identified | { reason: string } {
  const identified = readName(path)
  if (!identified) return { reason: 'its name is not like 0002_c1s1_000451_03.jpg' }
  const reason = reasonToLeaveOut(identified, split)
  return reason ? { reason } : identified
}

function splitOf(path: string, { source: { places }, prefix }: Found): IdentitySplit | undefined {
  const names = Object.keys(places) as IdentitySplit[]
  return names.find((name) => path.startsWith(`${prefix}${places[name]}/`))
}

function readName(path: string): Identified | undefined {
  const match = NAME.exec(path.slice(path.lastIndexOf('/') + 1))
  return match ? { identity: Number(match[1]), camera: Number(match[2]) } : undefined
}

function reasonToLeaveOut({ identity }: Identified, split: IdentitySplit): string | undefined {
  if (identity === -1) return 'junk (identity -1), as the protocol has it'
  if (identity === DISTRACTOR && split === 'train') return 'a distractor (identity 0000) is nobody to learn'
  if (identity === DISTRACTOR && split === 'query')
    return 'a distractor (identity 0000) is nobody to search for'
  return undefined
}
