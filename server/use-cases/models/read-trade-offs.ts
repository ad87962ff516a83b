import { sizeOfNetwork } from '../../../contract/networks/network-size.ts'
import { type Database, Prisma } from '../../../prisma/client.ts'

export type TradeOffCost = 'PARAMETERS' | 'MULTIPLY_ADDS' | 'DOWNLOAD_BYTES'

export interface TradeOffPoint {
  id: string
  kind: 'STUDENT' | 'ENSEMBLE'
  name: string
  network: string
  runNumber: number
  learnedFrom: 'LABELS' | 'PEERS' | 'TEACHER'
  score: number
  cost: number
  isOnFrontier: boolean
}

export interface TradeOffs {
  datasetId: string
  /** The cheapest first. */
  points: TradeOffPoint[]
  withoutCost: number
  totalCount: number
}

interface Wanted {
  by: TradeOffCost
  datasetId?: string | null
  experimentId?: string | null
}

const MAX_POINTS = 300

/** What a dataset's models know against what they cost; of the dataset that was trained on last, unless one is named. */
export async function readTradeOffs(
  database: Database,
  teamId: string,
  { by, experimentId = null, ...wanted }: Wanted,
): Promise<TradeOffs | null> {
  const among = scoredModels(teamId, experimentId)
  const datasetId = wanted.datasetId ?? (await findNewestDataset(database, among))
  if (!datasetId) return null
  const rows = await readNewest(database, among, datasetId)
  if (rows.length === 0) return null
  const priced = rows.flatMap((row) => {
    const cost = costOf(row, by)
    return cost === null ? [] : [{ ...toPoint(row), cost }]
  })
  return {
    datasetId,
    points: markFrontier(priced),
    withoutCost: rows.length - priced.length,
    totalCount: rows[0]?.totalCount ?? 0,
  }
}

interface ScoredRow extends Omit<TradeOffPoint, 'cost' | 'network' | 'isOnFrontier'> {
  architectures: string[]
  parameters: number
  downloadBytes: number | null
  height: number
  width: number
  channels: number
  classes: number
  totalCount: number
}

async function findNewestDataset(database: Database, among: Prisma.Sql): Promise<string | undefined> {
  const [newest] = await database.$queryRaw<{ datasetId: string }[]>`
    SELECT "datasetId" FROM (${among}) AS scored ORDER BY substr(id, 5) DESC LIMIT 1`
  return newest?.datasetId
}

function toPoint({ id, kind, name, runNumber, learnedFrom, score, architectures }: ScoredRow) {
  const network = kind === 'STUDENT' ? (architectures[0] ?? '') : countEach(architectures)
  return { id, kind, name, network, runNumber, learnedFrom, score }
}

/** `2 x resnet-8, resnet-32`. */
function countEach(architectures: string[]): string {
  const counts = new Map<string, number>()
  for (const name of architectures) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].map(([name, count]) => (count === 1 ? name : `${count} x ${name}`)).join(', ')
}

function costOf(row: ScoredRow, by: TradeOffCost): number | null {
  if (by === 'PARAMETERS') return row.parameters
  if (by === 'DOWNLOAD_BYTES') return row.downloadBytes
  const sizes = row.architectures.map((architecture) => sizeOfNetwork(architecture, row, row.classes))
  return sizes.reduce<number | null>(
    (sum, size) => (sum === null || size === null ? null : sum + size.multiplyAdds),
    0,
  )
}

/** On the frontier are those whose score nothing reaches that costs as little. */
function markFrontier(points: Omit<TradeOffPoint, 'isOnFrontier'>[]): TradeOffPoint[] {
  let best = Number.NEGATIVE_INFINITY
  return points
    .toSorted((a, b) => a.cost - b.cost || b.score - a.score)
    .map((point) => {
      const isOnFrontier = point.score > best
      best = Math.max(best, point.score)
      return { ...point, isOnFrontier }
    })
}

/** The newest models of a dataset; what is looked up of each is looked up of no more than these. */
function readNewest(database: Database, among: Prisma.Sql, datasetId: string): Promise<ScoredRow[]> {
  return database.$queryRaw`
    WITH newest AS (
      SELECT *, count(*) OVER ()::int AS "totalCount" FROM (${among}) AS scored
      WHERE "datasetId" = ${datasetId} ORDER BY substr(id, 5) DESC LIMIT ${MAX_POINTS}
    )
    SELECT newest.*, r.number AS "runNumber",
      CASE WHEN c.method = 'DISTILLATION' AND newest.position > 0 THEN 'TEACHER'
        WHEN c.method IN ('MUTUAL', 'ENSEMBLE_TEACHER') THEN 'PEERS' ELSE 'LABELS' END AS "learnedFrom",
      jsonb_array_length(v.manifest->'classes') AS classes,
      coalesce(r.recipe->'inputSize'->>'height', v.manifest->>'height')::int AS height,
      coalesce(r.recipe->'inputSize'->>'width', v.manifest->>'width')::int AS width,
      (v.manifest->>'channels')::int AS channels, a."byteLength"::float8 AS "downloadBytes"
    FROM newest JOIN "Run" r ON r.id = newest."runId" JOIN "Cohort" c ON c.id = r."cohortId"
      JOIN "DatasetVersion" v ON v.id = r."datasetVersionId"
      -- The file for TensorFlow.js is the one that every run writes.
      LEFT JOIN "Artifact" a ON a.format = 'TFJS' AND (a."modelId" = newest.id OR a."ensembleId" = newest.id)`
}

/** Students and ensembles with a score. */
function scoredModels(teamId: string, experimentId: string | null): Prisma.Sql {
  const ofExperiment = experimentId
    ? Prisma.sql`AND r.id IN (SELECT "runId" FROM "ExperimentTrial" WHERE "experimentId" = ${experimentId})`
    : Prisma.empty
  return Prisma.sql`
    SELECT t.*, v."datasetId" FROM (
      SELECT m.id, m."runId", 'STUDENT' AS kind, s.name, ARRAY[s.architecture] AS architectures,
        m.parameters::float8 AS parameters, coalesce(m.top1, m."meanAveragePrecision") AS score, s.position
      FROM "Model" m JOIN "Student" s ON s.id = m."studentId" WHERE m."teamId" = ${teamId}
      UNION ALL
      SELECT e.id, e."runId", 'ENSEMBLE', 'Ensemble', array_agg(s.architecture ORDER BY s.position),
        sum(m.parameters)::float8,
        coalesce(greatest(e."meanPosteriorTop1", e."concatenatedFeaturesTop1"), e."meanAveragePrecision"),
        max(s.position)
      FROM "Ensemble" e JOIN "Model" m ON m."runId" = e."runId" JOIN "Student" s ON s.id = m."studentId"
      WHERE e."teamId" = ${teamId} GROUP BY e.id
    ) AS t JOIN "Run" r ON r.id = t."runId" JOIN "DatasetVersion" v ON v.id = r."datasetVersionId"
    WHERE t.score IS NOT NULL ${ofExperiment}`
}
