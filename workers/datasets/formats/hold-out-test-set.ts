import { createHash } from 'node:crypto'
import { InvalidDatasetError } from '../archives/invalid-dataset-error.ts'
import type { LabelledPath } from './arrangement.ts'

const TEST_SHARE = 0.2
/** Part of what is hashed: another seed would set other images aside. */
const SEED = 'studyhall-split-1'

/**
 * Splits images that came without a test set: a fifth of every class, rounded, chosen by a seeded hash of their names,
 * so that the same dataset is always split alike, in whatever order or archive it comes.
 * @throws InvalidDatasetError where no class has enough images to spare one
 */
export function holdOutTestSet(pictures: readonly LabelledPath[]): {
  train: LabelledPath[]
  test: LabelledPath[]
  note: string
} {
  const byClass = new Map<number, LabelledPath[]>()
  for (const picture of pictures) {
    const members = byClass.get(picture.label) ?? []
    byClass.set(picture.label, members)
    members.push(picture)
  }
  const test = new Set<LabelledPath>()
  for (const members of byClass.values()) {
    const count = Math.min(members.length - 1, Math.max(1, Math.round(members.length * TEST_SHARE)))
    const ranked = members.map((picture) => ({ picture, rank: rankOf(picture.path) }))
    ranked.sort((a, b) => (a.rank < b.rank ? -1 : 1))
    for (const { picture } of ranked.slice(0, count)) test.add(picture)
  }
  if (test.size === 0)
    throw new InvalidDatasetError('Every class has a single image: none is left to test with. Add more.')
  return {
    train: pictures.filter((picture) => !test.has(picture)),
    test: pictures.filter((picture) => test.has(picture)),
    note: `There is no test folder: ${test.size} images, ${TEST_SHARE * 100} % of every class, were set aside for testing, the same ones each time.`,
  }
}

/** Folders above the class do not count: they come and go with the way an archive is packed. */
function rankOf(path: string): string {
  const name = path.split('/').slice(-2).join('/')
  return createHash('sha256').update(`${SEED}\n${name}`).digest('hex')
}
