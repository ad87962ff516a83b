/** Describes how the data was interpreted, before training on it. */
import type { ImportReport } from '../../contract/import-report.ts'
import { classCountsOf, type PackedDataset, splitsOf } from '../../contract/packed/manifest.ts'

/** How many classes are listed on a terminal; JSON output has all. */
const SHOWN_CLASSES = 20
const SHOWN_FILES = 10

/** For programs: splits, classes with their counts, and image size. */
export function describeDataset(dataset: PackedDataset) {
  const { kind, width, height, channels, classes } = dataset
  const splits = splitsOf(dataset).map(([name, split]) => ({
    name,
    count: split.count,
    classCounts: classCountsOf(split),
  }))
  return { kind, width, height, channels, classes, splits }
}

/** For people. */
export function linesOfDataset(report: ImportReport, dataset: PackedDataset): string[] {
  const { pictures, leftOutCount, leftOut, ignoredCount, notes, doubts } = report
  const { width, height, channels, classes } = dataset
  return [
    `${pictures} images packed, ${leftOutCount} left out, ${ignoredCount} other files passed over`,
    `${width}×${height}, ${channels === 1 ? 'grey' : 'colour'}; ${classes.length} ${dataset.kind === 'RETRIEVAL' ? 'identities to learn' : 'classes'}`,
    ...splitsOf(dataset).map(
      ([name, split]) => `  ${name}: ${split.count}${countsOf(classCountsOf(split), classes)}`,
    ),
    ...leftOut.slice(0, SHOWN_FILES).map(({ path, reason }) => `  ${path}: ${reason}`),
    ...notes,
    ...doubts.flatMap(({ message, remedy }) => [`Doubt: ${message}`, `  ${remedy}`]),
  ]
}

function countsOf(counts: readonly number[], classes: readonly string[]): string {
  if (counts.length === 0) return ''
  const shown = counts.slice(0, SHOWN_CLASSES).map((count, label) => `${classes[label]} ${count}`)
  const more = counts.length > shown.length ? ' and others' : ''
  return ` (${shown.join(', ')}${more})`
}
