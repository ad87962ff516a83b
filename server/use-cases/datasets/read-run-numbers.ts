import type { Database } from '../../../prisma/client.ts'

const MAX_RUN_NUMBERS = 100

/** The numbers of the runs of each version, the newest first, at most 100 a version. */
export async function readRunNumbers(
  database: Database,
  versionIds: string[],
): Promise<Map<string, number[]>> {
  const rows = await database.$queryRaw<{ id: string; numbers: number[] }[]>`
    SELECT v.id, ARRAY(
      SELECT r.number FROM "Run" r WHERE r."datasetVersionId" = v.id ORDER BY r.number DESC LIMIT ${MAX_RUN_NUMBERS}
    ) AS numbers
    FROM "DatasetVersion" v WHERE v.id = ANY(${versionIds})`
  return new Map(rows.map(({ id, numbers }) => [id, numbers]))
}
