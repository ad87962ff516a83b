/** How fast architectures train, from finished runs: the one place where that is derived. */
import type { DeviceKind } from '../../../contract/devices.ts'
import { type NetworkInput, sizeOfNetwork } from '../../../contract/networks/network-size.ts'
import type { Database } from '../../../prisma/client.ts'

/** What is to be trained: images of a team's dataset version. */
export interface Training extends NetworkInput {
  teamId: string
  versionId: string | null
  classes: number
}

export interface Speed {
  /** What one student takes of a training step, divided by the images of its batch; null where no run says it. */
  stepSecondsAnImage: number | null
  /** The same of a whole run, with all that comes before, between and after the steps. */
  runSecondsAnImage: number | null
  /** Finished runs that it is from. */
  runs: number
}

export interface Speeds {
  /** On one kind of device, or on any. Null where no finished run had such a student. */
  of(architecture: string, device: DeviceKind | null): Speed | null
}

interface RunRow extends NetworkInput {
  isSame: boolean
  method: string
  /** Of its last attempt; null where that is not known. */
  device: DeviceKind | null
  architectures: string[]
  classes: number
  images: number
  seconds: number | null
  imagesPerSecond: number | null
}

const NEWEST_RUNS = 100

/** From the team's newest runs: those of the same version, where there are any with the architecture. */
export async function readSpeeds(database: Database, training: Training): Promise<Speeds> {
  const rows = await readRuns(database, training)
  return {
    of(architecture, device) {
      const had = rows.filter(
        (row) => row.architectures.includes(architecture) && (device === null || row.device === device),
      )
      const same = had.filter(({ isSame }) => isSame)
      const used = same.length > 0 ? same : had
      if (used.length === 0) return null
      const shares = used.map((row) => shareOf(row, architecture, training))
      return {
        stepSecondsAnImage: meanOf(
          used.map(({ imagesPerSecond, method }, i) =>
            // Of its two stages the last step was of the second one.
            imagesPerSecond && method !== 'DISTILLATION' ? (shares[i] ?? 0) / imagesPerSecond : null,
          ),
        ),
        runSecondsAnImage: meanOf(
          used.map(({ seconds, images }, i) =>
            seconds === null ? null : ((shares[i] ?? 0) * seconds) / images,
          ),
        ),
        runs: used.length,
      }
    },
  }
}

/**
 * What one student of an architecture has of its cohort's time: as it has of the multiply-adds, and as many more as images
 * of the size that is asked for take. Where an architecture is unknown, students count alike.
 */
function shareOf(row: RunRow, architecture: string, training: Training): number {
  const sizes = row.architectures.map((name) => sizeOfNetwork(name, row, row.classes)?.multiplyAdds)
  const all = sizes.reduce<number>((sum, size) => sum + (size ?? Number.NaN), 0)
  const wanted = sizeOfNetwork(architecture, training, training.classes)?.multiplyAdds ?? Number.NaN
  const share = wanted / all
  return Number.isFinite(share) ? share : 1 / row.architectures.length
}

function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length
}

function readRuns(database: Database, { teamId, versionId }: Training): Promise<RunRow[]> {
  return database.$queryRaw`
    SELECT run."datasetVersionId" = ${versionId} IS TRUE AS "isSame", cohort.method::text,
      (SELECT device::text FROM "RunAttempt" WHERE "runId" = run.id ORDER BY number DESC LIMIT 1) AS device,
      ARRAY (SELECT architecture FROM "Student" WHERE "cohortId" = run."cohortId" ORDER BY position) AS architectures,
      coalesce(run.recipe->'inputSize'->>'height', version.manifest->>'height')::int AS height,
      coalesce(run.recipe->'inputSize'->>'width', version.manifest->>'width')::int AS width,
      (version.manifest->>'channels')::int AS channels,
      jsonb_array_length(version.manifest->'classes') AS classes,
      run.steps * (run.recipe->>'batchSize')::float8 AS images, run."imagesPerSecond",
      (SELECT sum(EXTRACT(EPOCH FROM "endedAt" - "startedAt")) FROM "RunAttempt" WHERE "runId" = run.id)::float8 AS seconds
    FROM "Run" AS run JOIN "Cohort" AS cohort ON cohort.id = run."cohortId"
      JOIN "DatasetVersion" AS version ON version.id = run."datasetVersionId"
    WHERE run."teamId" = ${teamId} AND run.status = 'SUCCEEDED' AND run.steps > 0
    ORDER BY run.number DESC LIMIT ${NEWEST_RUNS}`
}
