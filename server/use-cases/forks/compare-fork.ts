import { sizeOfNetwork } from '../../../contract/networks/network-size.ts'
import { PackedDataset } from '../../../contract/packed/manifest.ts'
import { networkInputOf, Recipe } from '../../../contract/recipes/recipe.ts'
import { changesBetween } from '../../../contract/runs/fork.ts'
import type { Database, Run, Student } from '../../../prisma/client.ts'
import type { ForkCohort } from './fork-run.ts'

/** Those who stayed, in the fork and in a run of the same checkpoint that was not changed there. */
export interface ForkComparison {
  /** Which went on unchanged. */
  run: Run
  /** The latest step after which both were tested. */
  step: number
  students: { student: Student; here: number; there: number }[]
  parametersHere: number
  parametersThere: number
  secondsPerStepHere: number | null
  secondsPerStepThere: number | null
}

interface Forked {
  run: Run
  from: Run
  own: ForkCohort
  before: ForkCohort
  step: number
}

/** Scores by which a student is compared, of which a run has one. */
const SCORES = ['testTop1', 'testMap']

/** Null until an unchanged run and the fork have both been tested after the same step. */
export async function compareWithUnforked(
  database: Database,
  forked: Forked,
): Promise<ForkComparison | null> {
  const { run, own, before, step } = forked
  const here = await readScores(database, run.id, step)
  for (const other of await findUnforked(database, forked)) {
    const there = await readScores(database, other.id, step)
    const last = Math.max(...[...there.keys()].filter((tested) => here.has(tested)))
    const [ours, theirs] = [here.get(last), there.get(last)]
    if (!ours || !theirs) continue
    const { stay } = changesBetween(before.cohort, own.cohort)
    const students = own.students.flatMap((student) => {
      const place = before.students.findIndex(({ name }) => name === student.name)
      const [a, b] = [ours.get(student.position), theirs.get(place)]
      const isThere = stay.some(({ name }) => name === student.name)
      return isThere && a !== undefined && b !== undefined ? [{ student, here: a, there: b }] : []
    })
    if (students.length === 0) continue
    const sizes = await readSizes(database, forked)
    const pace = { secondsPerStepHere: secondsPerStep(run), secondsPerStepThere: secondsPerStep(other) }
    return { run: other, step: last, students, ...sizes, ...pace }
  }
  return null
}

/** The run itself, where it went on after the checkpoint, or another fork of that checkpoint with nothing changed. */
async function findUnforked(database: Database, { run, from, step }: Forked): Promise<Run[]> {
  const twins = await database.run.findMany({
    where: { forkedFromId: from.id, cohortId: from.cohortId, id: { not: run.id } },
    orderBy: { number: 'desc' },
    take: 50,
  })
  const unchanged = twins.filter(
    (twin) => (twin.fork as { step?: number } | null)?.step === step && sameButLength(twin, from),
  )
  return [from, ...unchanged]
}

function sameButLength(one: Run, other: Run): boolean {
  const keyOf = ({ recipe }: Run) => JSON.stringify(Recipe.parse({ ...(recipe as object), epochs: 10_000 }))
  return keyOf(one) === keyOf(other)
}

/** By step and position. */
async function readScores(
  database: Database,
  runId: string,
  after: number,
): Promise<Map<number, Map<number, number>>> {
  const chunks = await database.metricChunk.findMany({
    where: { runId, name: { in: SCORES }, student: { gte: 0 }, lastStep: { gt: after } },
    select: { student: true, steps: true, values: true },
  })
  const scores = new Map<number, Map<number, number>>()
  for (const { student, steps, values } of chunks)
    for (const [i, step] of steps.entries()) {
      if (step <= after) continue
      const ofStep = scores.get(step) ?? new Map<number, number>()
      scores.set(step, ofStep.set(student, values[i] as number))
    }
  return scores
}

async function readSizes(database: Database, { run, own, before }: Forked) {
  const version = await database.datasetVersion.findUniqueOrThrow({ where: { id: run.datasetVersionId } })
  const dataset = PackedDataset.parse(version.manifest)
  const input = networkInputOf(Recipe.parse(run.recipe), dataset)
  const parametersOf = ({ cohort: { students } }: ForkCohort) =>
    students.reduce(
      (sum, { architecture }) =>
        sum + (sizeOfNetwork(architecture, input, dataset.classes.length)?.parameters ?? 0),
      0,
    )
  return { parametersHere: parametersOf(own), parametersThere: parametersOf(before) }
}

/** As it was measured last. */
function secondsPerStep({ imagesPerSecond, recipe }: Run): number | null {
  if (!imagesPerSecond) return null
  return Recipe.parse(recipe).batchSize / imagesPerSecond
}
