import type { Ranked, RetrievalQueries } from '../../../contract/retrieval-queries.ts'
import type { Run } from '../../../prisma/client.ts'
import type { BlobStorage } from '../../../storage/blob-storage.ts'
import { readRankings } from '../../blobs/retrieval-queries.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { picturePath } from '../datasets/picture-path.ts'
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

/** Source of the schema's RetrievalQuery. */
export interface RetrievalQuery {
  /** Position in the requested order, from 0. */
  place: number
  picture: IdentifiedPicture
  averagePrecision: number | null
  firstRight: number | null
  ranked: { picture: IdentifiedPicture; right: boolean; distance: number }[]
}

/** A page of a run's queries, each with its ranking by one student's features or by all concatenated. */
export async function readRetrievalQueries(
  { storage }: Services,
  run: Run,
  { student, orderBy, ...page }: QueriesPage,
): Promise<Connection<RetrievalQuery>> {
  const rankings = await rankingsOf(storage, run)
  const queries = rankings ? queriesOf(rankings, run.datasetVersionId, student) : []
  const ordered = putInOrder(queries, orderBy ?? 'WORST_FIRST')
  return readPage<RetrievalQuery, number>(page, {
    keyOf: ({ place }) => place,
    parseKey: parseNumberKey,
    read: async (after, limit) => {
      const from = after === undefined ? 0 : after + 1
      return ordered.slice(from, from + limit).map((query, i) => ({ place: from + i, ...toFound(query) }))
    },
    count: async () => queries.length,
  })
}

/** Null for a run without rankings. @throws AppError NOT_READY if they are missing from the storage */
async function rankingsOf(storage: BlobStorage, { retrievalQueriesSha256 }: Run) {
  if (retrievalQueriesSha256 === null) return null
  const rankings = await readRankings(storage, retrievalQueriesSha256)
  if (rankings) return rankings
  throw new AppError('NOT_READY', 'The rankings of the run’s queries are no longer in the storage.')
}

/** A query's ranking, with the data needed to identify its images. */
interface Query {
  index: number
  ranked: Ranked
  rankings: RetrievalQueries
  versionId: string
}

function queriesOf(rankings: RetrievalQueries, versionId: string, student?: string | null): Query[] {
  const own = rankings.students.find(({ name }) => name === student)?.queries
  const ranked = student == null ? rankings.ensemble : own
  if (!ranked) throw new AppError('INVALID_INPUT', `The run has no student “${student}”.`, ['student'])
  return ranked.map((one, index) => ({ index, ranked: one, rankings, versionId }))
}

/** Sorts queries in the requested order; those without a match come last. */
function putInOrder(queries: Query[], orderBy: Order): Query[] {
  if (orderBy === 'DATASET') return queries
  const sign = orderBy === 'WORST_FIRST' ? 1 : -1
  const keyOf = ({ ranked: { averagePrecision } }: Query) =>
    averagePrecision === null ? Number.POSITIVE_INFINITY : sign * averagePrecision
  // Compared first, because Infinity - Infinity is NaN; ties keep the dataset's order.
  return queries.toSorted((a, b) => (keyOf(a) === keyOf(b) ? a.index - b.index : keyOf(a) - keyOf(b)))
}

function toFound({ index, ranked, rankings, versionId }: Query): Omit<RetrievalQuery, 'place'> {
  const picture = (split: 'query' | 'gallery', index: number): IdentifiedPicture => {
    const identity = rankings[split].identities[index]
    const camera = rankings[split].cameras[index]
    if (identity === undefined || camera === undefined)
      throw new Error(`a ranking names image ${index} of ${split}, which is not among those it lists`)
    return { index, identity, camera, url: picturePath(versionId, split, index) }
  }
  return {
    picture: picture('query', index),
    averagePrecision: ranked.averagePrecision,
    firstRight: ranked.firstRight,
    ranked: ranked.gallery.map((place, rank) => ({
      picture: picture('gallery', place),
      right: ranked.right[rank] ?? false,
      distance: ranked.distances[rank] ?? Number.NaN,
    })),
  }
}
