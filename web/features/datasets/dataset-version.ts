import type { DatasetPageQuery } from '../../graphql/generated/operations.ts'

type Dataset = Extract<DatasetPageQuery['node'], { __typename: 'Dataset' }>

/** A dataset's version as its page reads it. */
export type Version = Dataset['versions'][number]
