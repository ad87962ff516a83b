import type { Packing } from './packing.ts'
import { png } from './pictures.ts'

/** `folder/0.png`, `folder/1.png` … */
export function folderNamed(folder: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${folder}/${i}.png`)
}

/** An image of its own for each name. */
export async function picturesNamed(names: readonly string[]): Promise<Record<string, Buffer>> {
  const entries = names.map(async (name, i) => [name, await png(i)] as const)
  return Object.fromEntries(await Promise.all(entries))
}

/** What a zip of these entries was understood as. */
export async function written(packing: Packing, entries: Record<string, Buffer | string>) {
  const { manifest, report } = await packing.pack(entries)
  const { train, test } = manifest.splits
  return {
    classes: manifest.classes,
    train: train.classCounts,
    ...(manifest.splits.validation && { validation: manifest.splits.validation.classCounts }),
    test: test.classCounts,
    unlabelled: manifest.splits.unlabelled?.count ?? 0,
    leftOut: report.leftOut,
    ignored: report.ignored.map(({ path }) => path),
    notes: report.notes,
    doubts: report.doubts.map(({ kind }) => kind),
    messages: report.doubts.map(({ message }) => message),
  }
}
