import type { Ranked, RetrievalQueries } from '../../../contract/retrieval-queries.ts'
import type { Run } from '../../../prisma/client.ts'
import { readRankings } from '../../blobs/retrieval-queries.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { type Connection, type PageArguments, parseNumberKey, readPage } from '../read-page.ts'

type Order = 'WORST_FIRST' | 'BEST_FIRST' | 'DATASET'

interface QueriesPage extends PageArguments {
  student?: string | null
  orderBy?: Order | null
}

interface IdentifiedPicture {
  index: number
  identity: number
  camera: number
  url: string
}

/** What stands behind the schema's RetrievalQuery. */
export interface RetrievalQuery {
  /** Its place in the order that was asked for, from 0. */
  place: number
  picture: IdentifiedPicture
  averagePrecision: number | null
  firstRight: number | null
  ranked: { picture: IdentifiedPicture; right: boolean; distance: number }[]
}

/** A page of a run's queries, each with what it found by one student's features or by all together. */
export async function readRetrievalQueries(
  { storage }: Services,
  run: Run,
  { student, orderBy, ...page }: QueriesPage,
): Promise<Connection<RetrievalQuery>> {
  const rankings = run.retrievalQueriesSha256 && (await readRankings(storage, run.retrievalQueriesSha256))
  const queries = rankings ? queriesOf(rankings, student) : []
  const order = orderOf(queries, orderBy ?? 'WORST_FIRST')
  return readPage<RetrievalQuery, number>(page, {
    keyOf: ({ place }) => place,
    parseKey: parseNumberKey,
    read: async (after, limit) => {
      const from = after === undefined ? 0 : after + 1
      return order.slice(from, from + limit).map((index, i) => ({
        place: from + i,
        ...describe(rankings as RetrievalQueries, queries[index]!, index, run.datasetVersionId),
      }))
    },
    count: async () => queries.length,
  })
}

function queriesOf({ students, ensemble }: RetrievalQueries, student: string | null | undefined): Ranked[] {
  if (student == null) return ensemble
  const own = students.find(({ name }) => name === student)
  if (own) return own.queries
  throw new AppError('INVALID_INPUT', `The run has no student “${student}”.`, ['student'])
}

/** Indices of the queries in the order that was asked for; those that do not count are last. */
function orderOf(queries: Ranked[], orderBy: Order): number[] {
  const indices = queries.map((_, index) => index)
  if (orderBy === 'DATASET') return indices
  const sign = orderBy === 'WORST_FIRST' ? 1 : -1
  const keyOf = (index: number) => {
    const { averagePrecision } = queries[index]!
    return averagePrecision === null ? Number.POSITIVE_INFINITY : sign * averagePrecision
  }
  // Infinity minus infinity is no number: comparing keeps the dataset's order among equals.
  return indices.sort((a, b) => (keyOf(a) === keyOf(b) ? a - b : keyOf(a) - keyOf(b)))
}

function describe(
  { query, gallery }: RetrievalQueries,
  ranked: Ranked,
  index: number,
  versionId: string,
): Omit<RetrievalQuery, 'place'> {
  const picture = (split: 'query' | 'gallery', place: number): IdentifiedPicture => {
    const { identities, cameras } = split === 'query' ? query : gallery
    const url = `/pictures/${versionId}/${split}/${place}`
    return { index: place, identity: identities[place]!, camera: cameras[place]!, url }
  }
  return {
    picture: picture('query', index),
    averagePrecision: ranked.averagePrecision,
    firstRight: ranked.firstRight,
    ranked: ranked.gallery.map((place, rank) => ({
      picture: picture('gallery', place),
      right: ranked.right[rank]!,
      distance: ranked.distances[rank]!,
    })),
  }
}
