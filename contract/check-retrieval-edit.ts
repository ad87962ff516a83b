import { type DatasetEdit, placesIn } from './dataset-edit.ts'
import type { EditProblem, PictureNumbers } from './edit-problem.ts'
import type { RetrievalDataset } from './packed-dataset.ts'

const IDENTITY = /^\d{1,9}$/
/** Nobody: a picture of the gallery that is always a wrong answer. */
const DISTRACTOR = 0

/** As files name them: 2 is `0002`. */
export function nameOfIdentity(identity: number): string {
  return String(identity).padStart(4, '0')
}

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
  const seenBy = new Map<number, Set<number>>()
  for (const index of stay('gallery')) {
    const identity = rename(labels.gallery![index]!)
    seenBy.set(identity, (seenBy.get(identity) ?? new Set()).add(cameras.gallery![index]!))
  }
  if (seenBy.size === 0) return { part, message: 'No picture of the gallery would be left.' }
  const queries = stay('query')
  if (queries.length === 0) return { part, message: 'No query would be left.' }
  const isFound = (index: number) => {
    const own = seenBy.get(rename(labels.query![index]!))
    return own !== undefined && own.size > (own.has(cameras.query![index]!) ? 1 : 0)
  }
  if (queries.some(isFound)) return null
  return {
    part,
    message:
      'For no query the gallery would have a picture of the same identity from another camera: nothing could be found.',
  }
}
