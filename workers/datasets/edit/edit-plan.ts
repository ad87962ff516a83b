import { renameIdentity } from '../../../contract/edits/check-retrieval-edit.ts'
import { type DatasetEdit, placesIn } from '../../../contract/edits/dataset-edit.ts'
import type { PictureNumbers } from '../../../contract/edits/edit-problem.ts'
import { nameOfIdentity } from '../../../contract/packed/identities.ts'
import type { PackedDataset } from '../../../contract/packed/manifest.ts'
import { chooseSubset } from './choose-subset.ts'

/** A picture of the old version, and its label in the new one: a class, or the identity of one that is searched. */
export interface Kept {
  from: string
  index: number
  label: number
}

/** What the new version is made of. */
export interface EditPlan {
  /** In the order in which they are written. */
  splits: Record<string, Kept[]>
  classes: string[]
  superclasses?: string[]
}

/**
 * Pictures keep their order, those that moved come last; classes without pictures go. The edit was checked
 * (contract/edits/check-edit.ts).
 */
export function planEdit(
  { kind, classes, superclasses }: PackedDataset,
  { labels }: PictureNumbers,
  edit: DatasetEdit,
): EditPlan {
  const rename = kind === 'CLASSIFICATION' ? renameClass(edit) : renameLearned(edit)
  const renamed = [...new Set(classes.map(rename))]
  const renamedLabels = classes.map((name) => renamed.indexOf(rename(name)))
  const splits = placePictures(labels, edit)
  const identityOf = renameIdentity(edit)
  for (const [split, pictures] of Object.entries(splits)) {
    const isSearched = split === 'query' || split === 'gallery'
    for (const kept of pictures) kept.label = isSearched ? identityOf(kept.label) : renamedLabels[kept.label]!
  }
  if (edit.subset) takeSubset(splits, edit.subset, renamed.length)
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
  return (name) => nameOfIdentity(identityOf(Number(name)))
}

function placePictures(
  labels: PictureNumbers['labels'],
  { drop, move }: DatasetEdit,
): Record<string, Kept[]> {
  const splits: Record<string, Kept[]> = {}
  const moved: Record<string, Kept[]> = {}
  for (const [split, numbers] of Object.entries(labels)) {
    const [dropped, leaving] = [placesIn(drop, split), placesIn(move, split)]
    const stays: Kept[] = []
    const goes: Kept[] = []
    for (const [index, label] of numbers.entries())
      if (!dropped.has(index)) (leaving.has(index) ? goes : stays).push({ from: split, index, label })
    splits[split] = stays
    moved[split === 'train' ? 'test' : 'train'] = goes
  }
  for (const [split, pictures] of Object.entries(splits))
    for (const kept of moved[split] ?? []) pictures.push(kept)
  return splits
}

function takeSubset(
  splits: Record<string, Kept[]>,
  subset: NonNullable<DatasetEdit['subset']>,
  classCount: number,
): void {
  const take = (split: string, perClass: number | null) => {
    const pictures = splits[split]
    if (!pictures || perClass === null) return
    const labels = pictures.map(({ label }) => label)
    const chosen = chooseSubset(labels, classCount, { perClass, key: `${subset.seed}/${split}` })
    splits[split] = pictures.filter((_, i) => chosen.has(i))
  }
  take('train', subset.trainPerClass)
  take('test', subset.testPerClass)
}

/** The labels become those of the classes that stay. */
function dropEmptyClasses({ splits, classes, superclasses }: EditPlan): EditPlan {
  const learned = new Set(splits.train!.map(({ label }) => label))
  const stay = [...classes.keys()].filter((label) => learned.has(label))
  const labels = new Map(stay.map((old, label) => [old, label]))
  for (const split of ['train', 'test'])
    for (const kept of splits[split] ?? []) kept.label = labels.get(kept.label)!
  return {
    splits,
    classes: stay.map((label) => classes[label]!),
    ...(superclasses ? { superclasses: stay.map((label) => superclasses[label]!) } : {}),
  }
}
