// biome-ignore-all lint/style/noNonNullAssertion: every label is an index into the classes, and every class has a place in the new order

import { renameIdentity } from '../../../contract/edits/check-retrieval-edit.ts'
import { type DatasetEdit, otherSplit, placesIn } from '../../../contract/edits/dataset-edit.ts'
import { identityNamed, nameOfIdentity } from '../../../contract/packed/identities.ts'
import type { PackedDataset, SplitName } from '../../../contract/packed/manifest.ts'
import type { PictureNumbers, VersionNumbers } from '../../../contract/packed/numbers.ts'
import { chooseSubset } from './choose-subset.ts'

/** An image of the old version, and its label in the new one: a class, or the identity of one that is searched. */
export interface Kept {
  from: SplitName
  index: number
  label: number
}

type Splits = Map<SplitName, Kept[]>

/** What the new version is made of. */
export interface EditPlan {
  /** In the order in which they are written. */
  splits: Splits
  classes: string[]
  superclasses?: string[]
}

/**
 * Images keep their order, those that moved come last; classes without images go. The edit was checked
 * (contract/edits/check-edit.ts).
 */
export function planEdit(
  { kind, classes, superclasses }: PackedDataset,
  numbers: VersionNumbers,
  edit: DatasetEdit,
): EditPlan {
  const rename = kind === 'CLASSIFICATION' ? renameClass(edit) : renameLearned(edit)
  const renamed = [...new Set(classes.map(rename))]
  const renamedLabels = classes.map((name) => renamed.indexOf(rename(name)))
  const splits = placePictures(numbers, edit)
  const identityOf = renameIdentity(edit)
  for (const [split, pictures] of splits) {
    if (numbers[split]?.are === 'NOTHING') continue
    const isSearched = numbers[split]?.are === 'IDENTITIES'
    for (const kept of pictures) kept.label = isSearched ? identityOf(kept.label) : renamedLabels[kept.label]!
  }
  if (edit.subset) takeSubset(splits, edit.subset)
  return dropEmptyClasses({
    splits,
    classes: renamed,
    ...(superclasses
      ? { superclasses: renamed.map((_, label) => superclasses[renamedLabels.indexOf(label)]!) }
      : {}),
  })
}

function renameClass({ rename }: DatasetEdit): (name: string) => string {
  const names = new Map(rename.map(({ from, to }) => [from, to]))
  return (name) => names.get(name) ?? name
}

function renameLearned(edit: DatasetEdit): (name: string) => string {
  const identityOf = renameIdentity(edit)
  return (name) => nameOfIdentity(identityOf(identityNamed(name)))
}

function placePictures(version: VersionNumbers, { drop, move }: DatasetEdit): Splits {
  const splits: Splits = new Map()
  const moved: Splits = new Map()
  for (const [split, { labels }] of Object.entries(version) as [SplitName, PictureNumbers][]) {
    const [dropped, leaving] = [placesIn(drop, split), placesIn(move, split)]
    const stays: Kept[] = []
    const goes: Kept[] = []
    for (const [index, label] of labels.entries())
      if (!dropped.has(index)) (leaving.has(index) ? goes : stays).push({ from: split, index, label })
    splits.set(split, stays)
    const other = otherSplit(split)
    moved.set(other, [...(moved.get(other) ?? []), ...goes])
  }
  for (const [split, pictures] of splits) for (const kept of moved.get(split) ?? []) pictures.push(kept)
  return splits
}

function takeSubset(splits: Splits, subset: NonNullable<DatasetEdit['subset']>): void {
  const take = (split: SplitName, perClass: number | null) => {
    const pictures = splits.get(split)
    if (!pictures || perClass === null) return
    const labels = pictures.map(({ label }) => label)
    const chosen = chooseSubset(labels, { perClass, key: `${subset.seed}/${split}` })
    splits.set(
      split,
      pictures.filter((_, i) => chosen.has(i)),
    )
  }
  take('train', subset.trainPerClass)
  take('test', subset.testPerClass)
}

/** The labels become those of the classes that stay. */
function dropEmptyClasses({ splits, classes, superclasses }: EditPlan): EditPlan {
  const learned = new Set(splits.get('train')?.map(({ label }) => label))
  const stay = [...classes.keys()].filter((label) => learned.has(label))
  const labels = new Map(stay.map((old, label) => [old, label]))
  for (const split of ['train', 'validation', 'test'] as const)
    for (const kept of splits.get(split) ?? []) kept.label = labels.get(kept.label)!
  return {
    splits,
    classes: stay.map((label) => classes[label]!),
    ...(superclasses ? { superclasses: stay.map((label) => superclasses[label]!) } : {}),
  }
}
