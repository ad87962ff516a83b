/**
 * MSMT17 (Wei et al. 2018): persons by lists, `list_train.txt`, `list_query.txt`, `list_gallery.txt`, each line a path below
 * `train` or `test` and a number; names such as `0000_000_01_0303morning_0008_0.jpg` say the camera third.
 */
import { dirname, join } from 'node:path/posix'
import type { DatasetFiles } from '../archives/dataset-files.ts'
import type { DatasetFile } from '../archives/file-source.ts'
import { InvalidDatasetError } from '../archives/invalid-dataset-error.ts'
import { linesOf } from '../lists/json-rows.ts'
import { openText } from '../lists/open-text.ts'
import { pictureKind } from '../pictures/picture-names.ts'
import { type Format, type Identified, pathsOf, type RetrievalArrangement } from './arrangement.ts'
import { countImages } from './folders/understanding.ts'
import {
  arrangeIdentified,
  type IdentitySorting,
  type IdentitySource,
  type IdentitySplit,
} from './re-identification.ts'

const SOURCE: IdentitySource = {
  title: 'MSMT17',
  places: { train: 'list_train.txt', query: 'list_query.txt', gallery: 'list_gallery.txt' },
  what: 'list',
}
const SPLITS = Object.keys(SOURCE.places) as IdentitySplit[]
const VALIDATION = 'list_val.txt'
/** Of its two editions. */
const FOLDERS = { train: ['train', 'mask_train_v2'], test: ['test', 'mask_test_v2'] }
const NAME = /^(\d{1,8})_\d+_(\d{1,4})_/
const MAX_LISTED = 1_000_000

export const msmt17: Format = {
  recognizes: async (files) => findRoot(files) !== undefined,
  arrange,
}

/** The folder that holds the three lists. */
function findRoot(files: DatasetFiles): string | undefined {
  const lists = pathsOf(files).filter((path) => path.endsWith(SOURCE.places.train))
  if (lists.length === 0) return undefined
  const paths = new Set(pathsOf(files))
  return lists
    .map(dirname)
    .find((root) => SPLITS.every((split) => paths.has(join(root, SOURCE.places[split]))))
}

async function arrange(files: DatasetFiles): Promise<RetrievalArrangement> {
  const root = findRoot(files)
  if (root === undefined)
    throw new InvalidDatasetError(
      'The lists of MSMT17 are missing: list_train.txt, list_query.txt, list_gallery.txt.',
    )
  const paths = new Set(pathsOf(files))
  const sorting = await sortLists(files, root, paths)
  const validation = await readList(files, join(root, VALIDATION), true, paths)
  const arrangement = arrangeIdentified(sorting, SOURCE)
  if (validation.length === 0) return arrangement
  return {
    ...arrangement,
    doubts: [
      {
        kind: 'VALIDATION_SET_ASIDE',
        message: `${countImages(validation.length)} of “${VALIDATION}” are neither trained on nor searched.`,
        remedy: 'To learn from them too, add the lines of that list to list_train.txt.',
      },
    ],
  }
}

async function sortLists(
  files: DatasetFiles,
  root: string,
  paths: ReadonlySet<string>,
): Promise<IdentitySorting> {
  const sorting: IdentitySorting = { train: [], query: [], gallery: [], ignored: [], leftOut: [] }
  const known = new Set<string>()
  for (const split of SPLITS) {
    for (const path of await readList(files, join(root, SOURCE.places[split]), split === 'train', paths)) {
      known.add(path)
      sortIn(sorting, split, path, paths.has(path))
    }
  }
  for (const path of paths) {
    const reason = pictureKind(path) === 'NONE' ? 'not an image' : 'no list of MSMT17 names it'
    if (!known.has(path)) sorting.ignored.push({ path, reason })
  }
  return sorting
}

function sortIn(sorting: IdentitySorting, split: IdentitySplit, path: string, isThere: boolean): void {
  const identified = readName(path)
  if (isThere && identified) sorting[split].push({ path, ...identified })
  else {
    const reason = isThere
      ? 'its name is not like 0000_000_01_0303morning_0008_0.jpg'
      : 'it is listed, but not there'
    sorting.leftOut.push({ path: path.slice(0, 200), reason })
  }
}

async function readList(
  files: DatasetFiles,
  path: string,
  isTraining: boolean,
  paths: ReadonlySet<string>,
): Promise<string[]> {
  const file: DatasetFile | undefined = files.list.find((other) => other.path === path)
  if (!file) return []
  const folders = (isTraining ? FOLDERS.train : FOLDERS.test).map((name) => join(dirname(path), name))
  const listed: string[] = []
  for await (const line of linesOf((await openText(files, file)).text, path)) {
    const [name = ''] = line.trim().split(/\s+/)
    if (name === '') continue
    if (listed.length >= MAX_LISTED)
      throw new InvalidDatasetError(`“${path}” lists more than ${MAX_LISTED.toLocaleString('en')} images.`)
    const candidates = folders.map((folder) => join(folder, name))
    listed.push(candidates.find((candidate) => paths.has(candidate)) ?? candidates[0] ?? name)
  }
  return listed
}

/** Numbered from 1 here, since 0 is nobody: MSMT17 has no distractors, and its 0000 is a person. */
function readName(path: string): Identified | undefined {
  const match = NAME.exec(path.slice(path.lastIndexOf('/') + 1))
  return match ? { identity: Number(match[1]) + 1, camera: Number(match[2]) } : undefined
}
