import type { Doubt } from '../../../contract/dataset-doubts.ts'
import type { Arrangement, LabelledPath } from './arrangement.ts'

/** Named one by one; the rest are counted. */
const MOST_NAMES = 5

/** What is doubtful about the classes themselves, however they came. */
export function doubtsOfClasses(arrangement: Arrangement): Doubt[] {
  if (arrangement.kind === 'RETRIEVAL') return []
  const { classes } = arrangement
  const train = countByClass(arrangement.train, classes.length)
  const test = countByClass(arrangement.test, classes.length)
  const untested = classes.filter((_, label) => test[label] === 0)
  const single = classes.filter((_, label) => train[label] === 1)
  const doubts: Doubt[] = doubtNames(classes)
  if (untested.length > 0)
    doubts.push({
      kind: 'CLASS_IN_ONE_SPLIT',
      message: `${nameClasses(untested)} ${untested.length === 1 ? 'has' : 'have'} training images and no test image: how well ${untested.length === 1 ? 'it is' : 'they are'} told from the others will not be measured.`,
      remedy: 'Add test images of it, or leave the class out.',
    })
  const areFiles = arrangement.train.every(({ raw }) => !raw)
  if (areFiles && single.length > classes.length / 2 && classes.length > 2)
    doubts.push({
      kind: 'SINGLE_IMAGE_CLASSES',
      message: `${single.length.toLocaleString('en')} of ${classes.length.toLocaleString('en')} classes have a single training image, such as ${single
        .slice(0, 3)
        .map((name) => `“${name}”`)
        .join(', ')}: each folder may be one image’s, not a class’s.`,
      remedy: 'If so, put the images of each class into one folder.',
    })
  return doubts
}

/** What is doubtful about what the classes are called. */
function doubtNames(classes: readonly string[]): Doubt[] {
  const missing = classes.filter((name) => MISSING.test(name))
  return [
    ...doubtAlike(classes),
    ...(missing.length > 0
      ? [
          {
            kind: 'MISSING_AS_CLASS' as const,
            message: `${nameClasses(missing)} may stand for labels that are missing, and ${missing.length === 1 ? 'was read as a class' : 'were read as classes'} like the others.`,
            remedy: 'If so, leave their labels empty, or take the images out.',
          },
        ]
      : []),
    ...doubtCombined(classes),
  ]
}

/** What programs write where there is nothing. */
const MISSING = /^(NaN|nan|NULL|null|None|N\/?A|n\/a|<NA>|nil|undefined|\?+|-+)$/

function doubtAlike(classes: readonly string[]): Doubt[] {
  const byPlain = new Map<string, string[]>()
  for (const name of classes) {
    const names = byPlain.get(plainName(name))
    if (names) names.push(name)
    else byPlain.set(plainName(name), [name])
  }
  const alike = [...byPlain.values()].filter((names) => names.length > 1)
  const [first] = alike
  if (!first) return []
  const more = alike.length > 1 ? `, and ${(alike.length - 1).toLocaleString('en')} more such` : ''
  return [
    {
      kind: 'ALIKE_CLASSES',
      message: `${nameClasses(first)} are called almost the same, and were read as ${first.length} classes${more}.`,
      remedy: 'If they are one class, write its name in one way.',
    },
  ]
}

/** Without what people write now so and now so; single letters may well be classes in both cases. */
function plainName(name: string): string {
  const trimmed = name.trim().replaceAll(/[\s_-]+/g, ' ')
  if (/^\d{1,15}(\.0*)?$/.test(trimmed)) return String(Number(trimmed))
  return trimmed.length > 1 ? trimmed.toLowerCase() : trimmed
}

/** `cat dog` beside `cat` and `dog`. */
function doubtCombined(classes: readonly string[]): Doubt[] {
  const known = new Set(classes)
  const isCombined = (name: string) => {
    const parts = name.split(/\s*[,;|/+&]\s*|\s+/).filter((part) => part !== '')
    return (
      parts.length > 1 && new Set(parts).size > 1 && parts.every((part) => part !== name && known.has(part))
    )
  }
  const combined = classes.filter(isCombined)
  if (combined.length === 0) return []
  return [
    {
      kind: 'SEVERAL_LABELS',
      message: `${nameClasses(combined)} ${combined.length === 1 ? 'is' : 'are'} put together from the names of other classes, and ${combined.length === 1 ? 'was read as one' : 'were read as classes'} of ${combined.length === 1 ? 'its' : 'their'} own: images may have several labels, of which one each is learned here.`,
      remedy: 'If so, give each image one label, or leave those images out.',
    },
  ]
}

export function countByClass(pictures: readonly { label: number }[], classes: number): number[] {
  const counts = new Array<number>(classes).fill(0)
  for (const { label } of pictures) counts[label] = (counts[label] ?? 0) + 1
  return counts
}

export function nameClasses(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).map((name) => `“${name}”`)
  const more = names.length - shown.length
  const word = names.length === 1 ? 'The class' : 'The classes'
  return `${word} ${shown.join(', ')}${more > 0 ? ` and ${more.toLocaleString('en')} more` : ''}`
}

/** Of images that are the same, those that have several labels; the first of them is named, with its labels. */
export function doubtSameImages(
  groups: readonly (readonly LabelledPath[])[],
  classes: readonly string[],
): Doubt[] {
  const conflicts = groups.flatMap((group) => {
    const [first] = group
    const other = group.find(({ label }) => label !== first?.label)
    return first && other ? [{ first, other }] : []
  })
  const [conflict] = conflicts
  if (!conflict) return []
  const { first, other } = conflict
  const more = conflicts.length > 1 ? `, and ${(conflicts.length - 1).toLocaleString('en')} more such` : ''
  return [
    {
      kind: 'SAME_IMAGE_TWO_LABELS',
      message: `“${first.path}” (${classes[first.label]}) and “${other.path}” (${classes[other.label]}) are the same image under two labels${more}.`,
      remedy: 'Take out the wrong one of each.',
    },
  ]
}
