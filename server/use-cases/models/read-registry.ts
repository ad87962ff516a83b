import { type Database, type Ensemble, type Model, Prisma } from '../../../prisma/client.ts'
import { byTimeSql, type TimeOrder } from '../list-order.ts'
import { type Connection, type PageArguments, readPage } from '../read-page.ts'

type TrainedModel = Model | Ensemble

/** Filters for models and ensembles; omitted fields do not filter. */
interface RegistryFilter {
  datasetId?: string | null
  architecture?: string | null
  kind?: 'STUDENT' | 'ENSEMBLE' | null
  studentId?: string | null
  cohortId?: string | null
  leastScore?: number | null
  mostParameters?: number | null
  alias?: string | null
}

/** Ids of models and ensembles differ in their prefix; the rest starts with the creation time. */
const PREFIX_LENGTH = 4
interface RegistryPage extends PageArguments {
  filter?: RegistryFilter | null
  orderBy?: TimeOrder | null
}

const keyOf = ({ id }: { id: string }) => id.slice(PREFIX_LENGTH)

/** A team's models and ensembles in one list, newest first unless it is ordered otherwise. */
export function readRegistry(
  database: Database,
  teamId: string,
  { filter, orderBy, ...page }: RegistryPage,
): Promise<Connection<TrainedModel>> {
  const selected = selectTrainedModels(teamId, filter ?? {})
  return readPage(page, {
    keyOf,
    parseKey: (text) => (/^[0-9a-z]{25}$/.test(text) ? text : undefined),
    async read(before, limit) {
      const by = byTimeSql(orderBy, Prisma.sql`substr(t.id, 5)`, before)
      const rows = await database.$queryRaw<{ id: string }[]>`
        ${selected} AND ${by.onwards} ORDER BY ${by.orderBy} LIMIT ${limit}`
      return readInOrder(
        database,
        rows.map(({ id }) => id),
      )
    },
    async count() {
      const [row] = await database.$queryRaw<{ count: number }[]>`
        SELECT count(*)::int AS count FROM (${selected}) AS selected`
      return row?.count ?? 0
    },
  })
}

function selectTrainedModels(teamId: string, filter: RegistryFilter): Prisma.Sql {
  const { datasetId, architecture, kind, studentId, cohortId, leastScore, mostParameters, alias } = filter
  const conditions = [
    Prisma.sql`r."teamId" = ${teamId}`,
    datasetId ? Prisma.sql`v."datasetId" = ${datasetId}` : null,
    architecture ? Prisma.sql`${architecture} = ANY (t.architectures)` : null,
    kind ? Prisma.sql`t.kind = ${kind}` : null,
    studentId ? Prisma.sql`t."studentId" = ${studentId}` : null,
    cohortId ? Prisma.sql`r."cohortId" = ${cohortId}` : null,
    leastScore != null ? Prisma.sql`t.score >= ${leastScore}` : null,
    mostParameters != null ? Prisma.sql`t.parameters <= ${mostParameters}::float8` : null,
    alias
      ? Prisma.sql`EXISTS (SELECT FROM "ModelAlias" a WHERE a.name = ${alias} AND (a."modelId" = t.id OR a."ensembleId" = t.id))`
      : null,
  ].filter((condition) => condition !== null)
  return Prisma.sql`
    SELECT t.id FROM (
      SELECT m.id, m."runId", 'STUDENT' AS kind, m.parameters::bigint AS parameters,
        coalesce(m.top1, m."meanAveragePrecision") AS score, ARRAY[s.architecture] AS architectures,
        m."studentId"
      FROM "Model" m JOIN "Student" s ON s.id = m."studentId" WHERE m."teamId" = ${teamId}
      UNION ALL
      SELECT e.id, e."runId", 'ENSEMBLE', sum(m.parameters),
        coalesce(greatest(e."meanPosteriorTop1", e."concatenatedFeaturesTop1"), e."meanAveragePrecision"),
        array_agg(s.architecture), NULL
      FROM "Ensemble" e JOIN "Model" m ON m."runId" = e."runId" JOIN "Student" s ON s.id = m."studentId"
      WHERE e."teamId" = ${teamId} GROUP BY e.id
    ) AS t JOIN "Run" r ON r.id = t."runId" JOIN "DatasetVersion" v ON v.id = r."datasetVersionId"
    WHERE ${Prisma.join(conditions, ' AND ')}`
}

async function readInOrder(database: Database, ids: string[]): Promise<TrainedModel[]> {
  const where = { id: { in: ids } }
  const rows: TrainedModel[] = [
    ...(await database.model.findMany({ where })),
    ...(await database.ensemble.findMany({ where })),
  ]
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}
