import { DISTRACTOR, identityNamed, nameOfIdentity, seekIn } from '../packed/identities.ts'
import type { RetrievalDataset, SplitName } from '../packed/manifest.ts'
import { labelsIn, seenIn, type VersionNumbers } from '../packed/numbers.ts'
import { type DatasetEdit, placesIn } from './dataset-edit.ts'
import type { EditProblem } from './edit-problem.ts'

const IDENTITY = /^\d{1,9}$/

/** The new identity for each old one; identities that the edit does not name stay the same. */
export function renameIdentity({ rename }: DatasetEdit): (identity: number) => number {
  const numbers = new Map(rename.map(({ from, to }) => [Number(from), Number(to)]))
  return (identity) => numbers.get(identity) ?? identity
}

/** Why an edit would leave a RETRIEVAL version that cannot be trained or evaluated, or null. */
export function findRetrievalProblem(
  { classes }: RetrievalDataset,
  numbers: VersionNumbers,
  edit: DatasetEdit,
): EditProblem | null {
  const learned = classes.map(identityNamed)
  return (
    findUnsupported(edit) ??
    findWrongIdentity(learned, numbers, edit) ??
    findNothingLeft(learned, numbers, edit)
  )
}

function findUnsupported({ move, subset }: DatasetEdit): EditProblem | null {
  if (move.length > 0)
    return {
      part: 'move',
      message:
        'Images of identities are not moved between splits: an identity that is trained on must not be searched for, and a query is not an image of the gallery. Drop them instead.',
    }
  if (subset?.testPerClass != null)
    return {
      part: 'subset',
      message:
        'Queries and gallery are not thinned out, since fewer images would make every search easier. Limit the images of each identity in train only.',
    }
  return null
}

function findWrongIdentity(
  learned: readonly number[],
  numbers: VersionNumbers,
  edit: DatasetEdit,
): EditProblem | null {
  const trained = new Set(learned)
  const searched = new Set([...labelsIn(numbers, 'query'), ...labelsIn(numbers, 'gallery')])
  const problem = (message: string): EditProblem => ({ part: 'rename', message })
  for (const { from, to } of edit.rename) {
    const identity = IDENTITY.test(from) ? Number(from) : Number.NaN
    if (identity === DISTRACTOR || (!trained.has(identity) && !searched.has(identity)))
      return problem(`There is no identity “${from}”.`)
    if (!IDENTITY.test(to) || Number(to) === DISTRACTOR)
      return problem(`“${to}” is no identity: identities are numbers from 1, with at most 9 digits.`)
  }
  const rename = renameIdentity(edit)
  const after = new Set([...searched].map(rename))
  const shared = [...trained].find((identity) => after.has(rename(identity)) && !searched.has(identity))
  if (shared === undefined) return null
  return problem(
    `Identity “${nameOfIdentity(rename(shared))}” would be both trained on and searched for; identities to search for must be unseen in training.`,
  )
}

function findNothingLeft(
  learned: readonly number[],
  numbers: VersionNumbers,
  edit: DatasetEdit,
): EditProblem | null {
  const rename = renameIdentity(edit)
  const part = edit.drop.length > 0 ? 'drop' : 'rename'
  const stay = <Picture>(split: SplitName, pictures: Iterable<Picture>): Picture[] => {
    const dropped = placesIn(edit.drop, split)
    return [...pictures].filter((_, index) => !dropped.has(index))
  }
  const labels = new Set(stay('train', labelsIn(numbers, 'train')))
  const identities = new Set(learned.filter((_, label) => labels.has(label)).map(rename))
  if (identities.size < 2) return { part, message: 'Fewer than two identities would be left to learn.' }
  const seenAfter = (split: 'query' | 'gallery') =>
    stay(split, seenIn(numbers, split)).map(({ identity, camera }) => ({
      identity: rename(identity),
      camera,
    }))
  const [queries, gallery] = [seenAfter('query'), seenAfter('gallery')]
  if (gallery.length === 0) return { part, message: 'No image of the gallery would be left.' }
  if (queries.length === 0) return { part, message: 'No query would be left.' }
  if (queries.some(seekIn(gallery))) return null
  return {
    part,
    message:
      'No query would have a match: the gallery would have no image of the same identity from another camera.',
  }
}
