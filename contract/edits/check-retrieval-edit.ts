import { DISTRACTOR, nameOfIdentity, seekIn } from '../packed/identities.ts'
import type { RetrievalDataset } from '../packed/manifest.ts'
import { type DatasetEdit, placesIn } from './dataset-edit.ts'
import type { EditProblem, PictureNumbers } from './edit-problem.ts'

const IDENTITY = /^\d{1,9}$/

/** What an edit makes of identities; those that it does not name stay who they are. */
export function renameIdentity({ rename }: DatasetEdit): (identity: number) => number {
  const numbers = new Map(rename.map(({ from, to }) => [Number(from), Number(to)]))
  return (identity) => numbers.get(identity) ?? identity
}

/** Why an edit makes no version of identities that could be learned and searched for; null where it does. */
export function findRetrievalProblem(
  { classes }: RetrievalDataset,
  numbers: PictureNumbers,
  edit: DatasetEdit,
): EditProblem | null {
  return (
    findSenseless(edit) ??
    findWrongIdentity(classes.map(Number), numbers, edit) ??
    findNothingLeft(classes.map(Number), numbers, edit)
  )
}

function findSenseless({ move, subset }: DatasetEdit): EditProblem | null {
  if (move.length > 0)
    return {
      part: 'move',
      message:
        'Pictures of identities are not moved: who is learned must not be searched for, and a query is no picture of the gallery. Leave them out instead.',
    }
  if (subset?.testPerClass != null)
    return {
      part: 'subset',
      message:
        'Queries and gallery are not thinned out, since fewer pictures would make every search easier. Give the most pictures of each identity in train alone.',
    }
  return null
}

function findWrongIdentity(
  learned: readonly number[],
  { labels }: PictureNumbers,
  edit: DatasetEdit,
): EditProblem | null {
  const [trained, searched] = [new Set(learned), new Set([...labels.query!, ...labels.gallery!])]
  const problem = (message: string): EditProblem => ({ part: 'rename', message })
  for (const { from, to } of edit.rename) {
    const identity = IDENTITY.test(from) ? Number(from) : Number.NaN
    if (identity === DISTRACTOR || (!trained.has(identity) && !searched.has(identity)))
      return problem(`There is no identity “${from}”.`)
    if (!IDENTITY.test(to) || Number(to) === DISTRACTOR)
      return problem(`“${to}” is no identity: those are numbers from 1 on, of 9 digits at most.`)
  }
  const rename = renameIdentity(edit)
  const after = new Set([...searched].map(rename))
  const shared = [...trained].find((identity) => after.has(rename(identity)) && !searched.has(identity))
  if (shared === undefined) return null
  return problem(
    `Identity “${nameOfIdentity(rename(shared))}” would be learned and searched for as well; what is searched for must be unknown.`,
  )
}

function findNothingLeft(
  learned: readonly number[],
  { labels, cameras }: PictureNumbers,
  edit: DatasetEdit,
): EditProblem | null {
  const rename = renameIdentity(edit)
  const part = edit.drop.length > 0 ? 'drop' : 'rename'
  const stay = (split: string) => {
    const dropped = placesIn(edit.drop, split)
    return [...labels[split]!.keys()].filter((index) => !dropped.has(index))
  }
  const identities = new Set(stay('train').map((index) => rename(learned[labels.train![index]!]!)))
  if (identities.size < 2) return { part, message: 'Fewer than two identities would be left to learn.' }
  const seenIn = (split: 'query' | 'gallery') =>
    stay(split).map((index) => ({
      identity: rename(labels[split]![index]!),
      camera: cameras[split]![index]!,
    }))
  const [queries, gallery] = [seenIn('query'), seenIn('gallery')]
  if (gallery.length === 0) return { part, message: 'No picture of the gallery would be left.' }
  if (queries.length === 0) return { part, message: 'No query would be left.' }
  if (queries.some(seekIn(gallery))) return null
  return {
    part,
    message:
      'For no query the gallery would have a picture of the same identity from another camera: nothing could be found.',
  }
}
