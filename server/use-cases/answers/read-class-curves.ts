import { classCountsOf } from '../../../contract/packed/manifest.ts'
import { type Database, type DatasetVersion, Prisma, type Run } from '../../../prisma/client.ts'
import { ENSEMBLE } from '../../../runs/class-hits.ts'
import { manifestOf } from '../../blobs/manifest.ts'
import { AppError } from '../../errors.ts'

const MAX_CURVES = 20

/** Source of the schema's ClassCurves. */
export interface ClassCurves {
  steps: number[]
  mean: number[]
  classes: { class: number; recall: number[] }[]
}

interface Wanted {
  /** Position in the cohort; the ensemble if missing. */
  student?: number | null
  /** Indices, of which those without test images are left out; those with the lowest recall at the latest evaluation if missing. */
  classes?: readonly number[] | null
  worst: number
}

/**
 * The share of each class's test images that was recognized at every evaluation during training, for a few classes, and
 * the mean of all. Null where nothing was kept.
 */
export async function readClassCurves(
  database: Database,
  { id }: Run,
  version: DatasetVersion,
  wanted: Wanted,
): Promise<ClassCurves | null> {
  const manifest = manifestOf(version)
  const counts = manifest?.kind === 'CLASSIFICATION' ? classCountsOf(manifest.splits.test) : []
  requireFew(wanted, counts.length)
  const student = wanted.student ?? ENSEMBLE
  const tested = wanted.classes?.filter((one) => (counts[one] ?? 0) > 0)
  const classes = tested ?? (await findWorst(database, { id, student, counts }, wanted.worst))
  const rows = await database.$queryRaw<{ step: number; mean: number; hits: number[] }[]>`
    SELECT step,
      (SELECT avg(one.hit::float8 / one.count) FILTER (WHERE one.count > 0)
        FROM unnest(hits, ${counts}::int[]) AS one (hit, count)) AS mean,
      ARRAY(SELECT COALESCE(hits[place + 1], 0)
        FROM unnest(${classes}::int[]) WITH ORDINALITY AS chosen (place, rank) ORDER BY rank) AS hits
    FROM "ClassHits" WHERE "runId" = ${id} AND student = ${student}::int ORDER BY step`
  if (rows.length === 0) return null
  return {
    steps: rows.map(({ step }) => step),
    mean: rows.map(({ mean }) => mean),
    classes: classes.map((one, i) => ({
      class: one,
      recall: rows.map(({ hits }) => (hits[i] ?? 0) / (counts[one] ?? 1)),
    })),
  }
}

function requireFew({ classes, worst }: Wanted, classCount: number): void {
  if (worst < 1 || worst > MAX_CURVES)
    throw new AppError('INVALID_INPUT', `worst is ${worst}; it is 1 to ${MAX_CURVES}.`, ['worst'])
  if (!classes) return
  if (classes.length > MAX_CURVES)
    throw new AppError(
      'INVALID_INPUT',
      `${classes.length} classes are asked for, at most ${MAX_CURVES} at once.`,
      ['classes'],
    )
  const strange = classes.find((one) => one < 0 || one >= classCount)
  if (strange !== undefined)
    throw new AppError('INVALID_INPUT', `There is no class ${strange}; there are ${classCount}, from 0.`, [
      'classes',
    ])
}

/** Classes without test images have no recall. */
async function findWorst(
  database: Database,
  { id, student, counts }: { id: string; student: number; counts: readonly number[] },
  most: number,
): Promise<number[]> {
  const rows = await database.$queryRaw<{ place: number }[]>(Prisma.sql`
    SELECT (one.place - 1)::int AS place
    FROM (SELECT hits FROM "ClassHits" WHERE "runId" = ${id} AND student = ${student}::int ORDER BY step DESC LIMIT 1) AS latest,
      unnest(latest.hits, ${counts}::int[]) WITH ORDINALITY AS one (hit, count, place)
    WHERE one.count > 0 ORDER BY one.hit::float8 / one.count, one.place LIMIT ${most}`)
  return rows.map(({ place }) => place)
}
