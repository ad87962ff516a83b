import type { ApolloClient } from '@apollo/client'
import { formatIdentity } from '../../../design/format-numbers.ts'
import {
  TryPicturesDocument,
  type TryPicturesQuery,
  type TryRunQuery,
} from '../../../graphql/generated/operations.ts'
import { decodePicture, UnreadableImageError } from './decode-picture.ts'
import type { ChosenPicture } from './use-picture.ts'

type Version = Extract<TryPicturesQuery['node'], { __typename: 'DatasetVersion' }>
export type DatasetPicture = Version['pictures']['nodes'][number]

type Run = NonNullable<NonNullable<TryRunQuery['team']>['run']>

/** Images that no student of a run has learned from. */
export interface DatasetImages {
  version: Run['datasetVersion']
  split: 'test' | 'query'
}

export function imagesOf({ datasetVersion: version }: Run): DatasetImages {
  return { version, split: version.dataset.kind === 'RETRIEVAL' ? 'query' : 'test' }
}

/** What an image is labelled: the name of its class, or the number of its identity. */
export function labelOf(picture: DatasetPicture, { version }: DatasetImages): string {
  if (picture.class !== null) return version.classes[picture.class] ?? ''
  return picture.identity === null ? '' : formatIdentity(picture.identity)
}

export function nameOf(index: number, { split }: DatasetImages): string {
  return `${split === 'test' ? 'Test' : 'Query'} ${index}`
}

/** An image of the dataset as its students were given it. @throws UnreadableImageError */
export async function fetchDatasetPicture(
  apollo: ApolloClient,
  images: DatasetImages,
  index: number,
): Promise<ChosenPicture> {
  const { version, split } = images
  const { data } = await apollo.query({
    query: TryPicturesDocument,
    variables: { id: version.id, split, indices: [index], first: 1 },
  })
  const [found] = data?.node?.__typename === 'DatasetVersion' ? data.node.pictures.nodes : []
  if (!found) throw new UnreadableImageError(`The dataset has no ${split} image ${index}. Choose another.`)
  const response = await fetch(found.url)
  if (!response.ok)
    throw new UnreadableImageError(`The image could not be loaded: the server answered ${response.status}.`)
  const pixels = await decodePicture(await response.blob())
  return { name: nameOf(index, images), pixels, inDataset: { index, label: labelOf(found, images) } }
}
