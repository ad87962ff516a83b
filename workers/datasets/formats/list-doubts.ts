import type { Doubt } from '../../../contract/dataset-doubts.ts'
import { READABLE_COLUMNS } from '../lists/list-columns.ts'
import { pictureKind } from '../pictures/picture-names.ts'
import type { SplitRole } from './folders/split-names.ts'
import { countImages, nameSome } from './folders/understanding.ts'
import type { ListProblem } from './read-lists.ts'
import type { SelectedLists } from './select-lists.ts'

const MOST_TOLD = 3
/** Images beside lists that are too few to speak of. */
const STRAY_SHARE = 0.05

/** Tables that look like lists of labels and are not read. */
export function doubtProblems(problems: readonly ListProblem[]): Doubt[] {
  const doubts = problems.slice(0, MOST_TOLD).map(
    ({ path, reason, error }): Doubt => ({
      kind: 'LABELS_NOT_READ',
      message: `“${path}” looks like a list and was not read: ${error.cause instanceof Error && /^(The first line|Line 1) of/.test(reason) ? error.cause.message : reason}.`,
      remedy: `${READABLE_COLUMNS}.`,
    }),
  )
  const more = problems.length - MOST_TOLD
  if (more <= 0) return doubts
  const message = `${more} further tables were not read either, such as “${problems[MOST_TOLD]?.path}”.`
  return [...doubts, { kind: 'LABELS_NOT_READ', message, remedy: `${READABLE_COLUMNS}.` }]
}

export function doubtSkipped({ taken, skipped }: SelectedLists): Doubt[] {
  if (skipped.length === 0) return []
  return [
    {
      kind: 'SEVERAL_CANDIDATES',
      message: `Labels were taken from ${nameSome(taken.map(({ path }) => path))}, and not from ${nameSome(skipped.map(({ path }) => path))}.`,
      remedy: 'If another list was meant, leave only that one in the archive.',
    },
  ]
}

/** What validation images are there for. */
export function noteValidation(count: number): string {
  return `${countImages(count)} for validation: they choose the best checkpoint, and are neither trained on nor tested with.`
}

/** Where a list has no other test images. */
export function doubtValidation(inTest: number): Doubt[] {
  if (inTest === 0) return []
  return [
    {
      kind: 'VALIDATION_AS_TEST',
      message: `${countImages(inTest)} that the list calls validation images were taken as test images, since there are no others.`,
      remedy: 'To choose the best checkpoint by them, list test images beside them.',
    },
  ]
}

/** Images in a folder for tests, or for images without labels, that no list names: kept without labels. */
export function doubtUnlabelled(unlabelled: readonly { path: string }[]): Doubt[] {
  if (unlabelled.length === 0) return []
  return [
    {
      kind: 'UNLABELLED_SET_ASIDE',
      message: `${countImages(unlabelled.length)} ${unlabelled.length === 1 ? 'is' : 'are'} named by no list, the first “${unlabelled[0]?.path}”: without labels, kept as unlabelled images, neither trained on nor tested with.`,
      remedy: 'If they are labelled, add them to the list.',
    },
  ]
}

export function doubtUnlisted(ignored: readonly { path: string }[], listed: number): Doubt[] {
  const unlisted = ignored.filter(({ path }) => pictureKind(path) === 'READABLE')
  if (unlisted.length <= (unlisted.length + listed) * STRAY_SHARE) return []
  return [
    {
      kind: 'UNLABELLED_SET_ASIDE',
      message: `${countImages(unlisted.length)} ${unlisted.length === 1 ? 'is' : 'are'} named by no list, the first “${unlisted[0]?.path}”: without labels, left out.`,
      remedy: 'If they are labelled, add them to the list.',
    },
  ]
}

/** Tested with what was learned from, results would be too good. */
export function doubtTwoSplits(listed: readonly { path: string; splits: [SplitRole, SplitRole] }[]): Doubt[] {
  const [first] = listed
  if (!first) return []
  const more = listed.length > 1 ? `, and ${countImages(listed.length - 1)} more for two splits` : ''
  return [
    {
      kind: 'SAME_IMAGE_TWO_SPLITS',
      message: `“${first.path}” is listed for ${SPLIT_WORDS[first.splits[0]]} and for ${SPLIT_WORDS[first.splits[1]]}${more}: only the first was taken.`,
      remedy: 'List each image for one split.',
    },
  ]
}

const SPLIT_WORDS: Record<SplitRole, string> = {
  train: 'training',
  val: 'validation',
  test: 'testing',
  query: 'queries',
  unlabelled: 'learning without labels',
}
