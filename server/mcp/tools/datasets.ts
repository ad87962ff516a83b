import { z } from 'zod'
import { tool } from '../tool.ts'

/** The page's size is written out: by a variable it would cost as much as the largest page. */
const datasetsQuery = (first: number) => `query ($teamId: ID!) { node(id: $teamId) { ... on Team {
  datasets(first: ${first}) { totalCount nodes {
  id name kind versions { id number status failure height width channels classes splits { name count } } } } } } }`

interface Version {
  id: string
  number: number
  status: string
  failure: string | null
  height: number | null
  width: number | null
  channels: number | null
  classes: string[]
  splits: { name: string; count: number }[]
}

const MOST_VERSIONS = 5
const MOST_CLASSES = 30

export const datasetTools = {
  list_datasets: tool({
    title: 'List datasets',
    description:
      'The team’s datasets, newest first, with their newest versions. A run or an experiment takes the id of a version whose status is READY.',
    input: { first: z.int().min(1).max(50).default(20) },
    readOnly: true,
    async run({ ask, teamId }, { first }) {
      const { node } = await ask(datasetsQuery(first), { teamId })
      type Dataset = { id: string; name: string; kind: string; versions: Version[] }
      return {
        total: node.datasets.totalCount,
        datasets: node.datasets.nodes.map(({ id, name, kind, versions }: Dataset) => ({
          ...{ id, name, kind },
          versions: versions.slice(0, MOST_VERSIONS).map(describeVersion),
        })),
      }
    },
  }),
}

function describeVersion({ classes, splits, height, width, channels, failure, ...version }: Version) {
  return {
    ...version,
    ...(failure !== null && { failure }),
    pixels: height === null ? null : `${width}x${height}x${channels}`,
    classCount: classes.length,
    classes: classes.slice(0, MOST_CLASSES),
    images: Object.fromEntries(splits.map(({ name, count }) => [name, count])),
  }
}
