/** What the name of a folder or a list says of its split: `train`, `training_set`, `seg_train`, `val2017`, `testset`. */

export type SplitRole = 'train' | 'val' | 'test' | 'query' | 'unlabelled'

const ROLES: Record<SplitRole, readonly string[]> = {
  train: ['train', 'training', 'trn'],
  val: ['val', 'valid', 'validation', 'dev', 'validate'],
  test: ['test', 'testing', 'tst', 'eval', 'evaluation', 'pred'],
  query: ['query', 'gallery', 'probe'],
  unlabelled: ['unlabelled', 'unlabeled', 'unlabel', 'unannotated', 'unsupervised', 'unsup'],
}

/** Said beside a split's name, they leave it one: `train_data`, `dataset_train`, `test-images`. */
const FILLERS = [
  ...[
    'set',
    'data',
    'dataset',
    'datasets',
    'split',
    'splits',
    'folder',
    'dir',
    'files',
    'subset',
    'part',
    'seg',
  ],
  ...[
    'image',
    'images',
    'img',
    'imgs',
    'picture',
    'pictures',
    'photo',
    'photos',
    'jpg',
    'png',
    'jpeg',
    'jpegs',
  ],
  ...[
    'samples',
    'raw',
    'new',
    'final',
    'small',
    'full',
    'original',
    'resized',
    'cropped',
    'crops',
    'processed',
  ],
  ...[
    'cls',
    'classification',
    'x',
    'my',
    'the',
    'all',
    'version',
    'ground',
    'truth',
    'gt',
    'labels',
    'label',
  ],
  ...[
    'list',
    'annotations',
    'annotation',
    'metadata',
    'meta',
    'info',
    'df',
    'csv',
    'bounding',
    'box',
    'folds',
  ],
]

const RUN_TOGETHER = new RegExp(
  `^(${Object.values(ROLES).flat().join('|')})(set|data|dataset|images?|imgs?|pics|folder|ing)?s?$`,
)

/** `a. Training Set`, `2) test`. */
const ENUMERATION = /^\(?([a-z]|\d{1,2})[.)]\s+/i

export interface NamedSplit {
  role: SplitRole
  /** What else the name says, and no filler: `seg` and the like are gone, `station` of `train_station` is not. */
  rest: string
}

/** The split that a name speaks of, whatever else it says; undefined for none, or for two at once. */
export function splitNamedIn(name: string): NamedSplit | undefined {
  const found = new Set<SplitRole>()
  const rest: string[] = []
  for (const word of wordsOf(name.replace(ENUMERATION, ''))) {
    const role = roleOf(word)
    if (role) found.add(role)
    else if (!FILLERS.includes(word) && !/^v?\d+$/.test(word)) rest.push(word)
  }
  // `train_unlabelled` is no training folder.
  if (found.has('unlabelled')) return { role: 'unlabelled', rest: rest.join(' ') }
  const [role] = found
  return role && found.size === 1 ? { role, rest: rest.join(' ') } : undefined
}

function roleOf(word: string): SplitRole | undefined {
  const plain = RUN_TOGETHER.exec(word)?.[1]
  if (plain === undefined) return undefined
  const roles = Object.keys(ROLES) as SplitRole[]
  return roles.find((role) => ROLES[role].includes(plain))
}

/** `SegTrain_2017` is seg, train, 2017. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/([a-z])(\d)/g, '$1 $2')
    .split(/[^\p{L}\d]+/u)
    .filter((word) => word !== '')
}

/** Beside images without labels, what is labelled is there to be trained on. */
const LABELLED = /^(labell?ed|annotated|supervised)([-_ ](data|images|set))?$/i
const ALL_LABELLED: NamedSplit = { role: 'train', rest: '' }

/**
 * Which of the names that stand side by side are splits: those that say nothing else, and those that say the same else,
 * as `mnist_train` and `mnist_test` do. `train_station` beside `airport` is none.
 */
export function splitsAmong(names: readonly string[]): Map<string, SplitRole> {
  const splits = names.map((name) => (isMaskName(name) ? undefined : splitNamedIn(name)))
  const isBesideUnlabelled = splits.some((split) => split?.role === 'unlabelled')
  const named = names.flatMap((name, i) => {
    const split = splits[i] ?? (isBesideUnlabelled && LABELLED.test(name) ? ALL_LABELLED : undefined)
    return split ? [{ name, ...split }] : []
  })
  const rolesOf = new Map<string, Set<SplitRole>>()
  for (const { role, rest } of named) rolesOf.set(rest, (rolesOf.get(rest) ?? new Set()).add(role))
  const isSplit = ({ rest }: NamedSplit) => rest === '' || (rolesOf.get(rest)?.size ?? 0) > 1
  return new Map(named.filter(isSplit).map(({ name, role }) => [name, role]))
}

/** Names such as `fold_0`: parts of a cross-validation. */
export function isFoldName(name: string): boolean {
  return /^(k[-_ ]?)?(fold|cv|split)s?[-_ ]?\d{1,2}$/i.test(name)
}

/** `images_part_1` and `images_part_2`: one set that was cut for download. */
export function areNumberedParts(names: readonly string[]): boolean {
  const stems = new Set(names.map((name) => name.replaceAll(/\d+/g, '')))
  const [stem = ''] = stems
  const isPart = wordsOf(stem).some((word) => PART_WORDS.test(word))
  return stems.size === 1 && isPart && names.every((name) => /\d/.test(name))
}

const PART_WORDS = /^(parts?|chunks?|batch(es)?|shards?|zips?|images?|imgs?|pictures?|photos?|folders?)$/

const MASK_WORDS = /^(masks?|trimaps?|segmentations?|annotations?|groundtruths?|gt|segmaps?|labelmaps?)$/
const PICTURE_WORDS =
  /^(images?|imgs?|pictures?|photos?|originals?|jpegimages|jpegs?|inputs?|rgb|scans?|data|raw|frames?)$/

/** `masks`, `train_masks`, `SegmentationClass`, `ground_truth`. */
export function isMaskName(name: string): boolean {
  const words = wordsOf(name)
  if (words.some((word) => MASK_WORDS.test(word))) return true
  return words.join(' ').includes('ground truth') || words.includes('labels')
}

/** `images`, `JPEGImages`, `photos`: what lies beside masks. */
export function isPictureName(name: string): boolean {
  const words = wordsOf(name)
  return (
    PICTURE_WORDS.test(words.join('')) ||
    (words.length > 0 && words.every((word) => PICTURE_WORDS.test(word)))
  )
}
