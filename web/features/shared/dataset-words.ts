import { countOf, formatCount } from '../../design/format-numbers.ts'
import type { SharedDatasetPartsFragment } from '../../graphql/generated/operations.ts'

/** `Fashion-MNIST, version 2: 10 classes, train 5,000, test 1,000`. */
export function describeSharedDataset({
  name,
  version,
  kind,
  classes,
  splits,
}: SharedDatasetPartsFragment): string {
  const what =
    kind === 'RETRIEVAL'
      ? countOf(classes, 'training identity', 'training identities')
      : countOf(classes, 'class', 'classes')
  const images = splits.map((split) => `${split.name} ${formatCount(split.count)}`)
  return `${name}, version ${version}: ${[what, ...images].join(', ')} images`
}
