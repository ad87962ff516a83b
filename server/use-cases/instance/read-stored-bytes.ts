import { type Database, Prisma, type Transaction } from '../../../prisma/client.ts'

/** What a team stores, in bytes; equal files of a team and kind count once. */
export interface StoredBytes {
  uploads: bigint
  datasets: bigint
  checkpoints: bigint
  models: bigint
  total: bigint
}

type Row = { teamId: string; kind: Exclude<keyof StoredBytes, 'total'>; bytes: bigint }

const NOTHING: StoredBytes = { uploads: 0n, datasets: 0n, checkpoints: 0n, models: 0n, total: 0n }

type Reader = Pick<Transaction, '$queryRaw'>

/** What some teams store. @returns a function that tells it of each */
export async function readStoredBytes(
  database: Reader,
  teamIds: readonly string[],
): Promise<(teamId: string) => StoredBytes> {
  const byTeam = groupByTeam(await readRows(database, Prisma.sql`"teamId" = ANY(${[...teamIds]})`))
  return (teamId) => sum(byTeam.get(teamId) ?? [])
}

export interface StorageUse {
  /** Of all teams together. */
  all: StoredBytes
  /** Those that store most. */
  teams: { id: string; name: string; slug: string; stored: StoredBytes }[]
}

/** What the whole instance stores, and which teams store most of it. */
export async function readStorageUse(database: Database, most: number): Promise<StorageUse> {
  const rows = groupByTeam(await readRows(database, Prisma.sql`true`))
  const stored = [...rows].map(([id, ofTeam]) => ({ id, stored: sum(ofTeam) }))
  const largest = stored.sort((a, b) => Number(b.stored.total - a.stored.total)).slice(0, most)
  const teams = await database.team.findMany({ where: { id: { in: largest.map(({ id }) => id) } } })
  const names = new Map(teams.map((team) => [team.id, team]))
  return {
    all: sum([...rows.values()].flat()),
    teams: largest.flatMap(({ id, stored: bytes }) => {
      const team = names.get(id)
      return team ? [{ id, name: team.name, slug: team.slug, stored: bytes }] : []
    }),
  }
}

function groupByTeam(rows: readonly Row[]): Map<string, Row[]> {
  const byTeam = new Map<string, Row[]>()
  for (const row of rows) {
    const ofTeam = byTeam.get(row.teamId)
    if (ofTeam) ofTeam.push(row)
    else byTeam.set(row.teamId, [row])
  }
  return byTeam
}

function sum(rows: readonly Row[]): StoredBytes {
  const stored = { ...NOTHING }
  for (const { kind, bytes } of rows) {
    stored[kind] += bytes
    stored.total += bytes
  }
  return stored
}

function readRows(database: Reader, ofTeams: Prisma.Sql): Promise<Row[]> {
  return database.$queryRaw<Row[]>`
    SELECT "teamId", kind, sum("byteLength")::bigint AS bytes FROM (
      SELECT DISTINCT "teamId", 'uploads' AS kind, sha256, "byteLength" FROM "Upload"
        WHERE status = 'FINALIZED' AND ${ofTeams}
      UNION ALL
      -- What students begin with, as long as it can be begun with, or a cohort has been.
      (SELECT "teamId", 'uploads', fit ->> 'sha256', (fit ->> 'byteLength')::bigint
          FROM "GivenWeights", jsonb_array_elements(inspection -> 'families') AS fit WHERE ${ofTeams}
        UNION
        SELECT "teamId", 'uploads', start ->> 'sha256', (start ->> 'byteLength')::bigint
          FROM "Student" WHERE jsonb_exists(start, 'byteLength') AND ${ofTeams})
      UNION ALL
      SELECT DISTINCT "teamId", 'checkpoints', sha256, "byteLength" FROM "Checkpoint" WHERE ${ofTeams}
      UNION ALL
      SELECT DISTINCT "teamId", 'models', sha256, "byteLength" FROM "Artifact" WHERE ${ofTeams}
      UNION ALL
      SELECT DISTINCT "teamId", 'datasets', shard ->> 'sha256', (shard ->> 'count')::bigint
          * (manifest ->> 'height')::int * (manifest ->> 'width')::int * (manifest ->> 'channels')::int
        FROM "DatasetVersion",
          jsonb_each(manifest -> 'splits') AS split,
          jsonb_array_elements(CASE jsonb_typeof(split.value -> 'shards') WHEN 'array' THEN split.value -> 'shards' ELSE '[]' END) AS shard
        WHERE manifest IS NOT NULL AND ${ofTeams}) AS stored
    GROUP BY "teamId", kind`
}
