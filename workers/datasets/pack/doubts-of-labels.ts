import type { Doubt } from '../../../contract/dataset-doubts.ts'
import type { DatasetOverview } from '../../../contract/dataset-overview.ts'
import type { LabelledPath } from '../formats/arrangement.ts'
import { doubtSameImages } from '../formats/class-doubts.ts'

/** Images with the same pixels under two labels: what is learned from one is unlearned from the other. */
export function doubtsOfLabels(
  exact: DatasetOverview['exact'],
  packed: Record<string, readonly LabelledPath[]>,
  classes: readonly string[],
): Doubt[] {
  const groups = exact.groups.map((group) =>
    group.flatMap(({ split, index }) => {
      const picture = packed[split]?.[index]
      return picture ? [picture] : []
    }),
  )
  return doubtSameImages(groups, classes)
}
