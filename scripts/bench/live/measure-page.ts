import { pageDocument } from './page-documents.ts'
import { addCohortAndVersion, addHeldRun, ask, type Scene } from './scene.ts'

const STUDENTS = 5
const NAMES = ['loss', 'labelLoss', 'mutualLoss', 'trainTop1']
const TIMES = 5

/** How long the page's query takes for a run of so many points: the first time, and the median of a few. */
export async function measurePage(scene: Scene, points: number) {
  const { database, apiUrl } = scene
  const person = await scene.signUp('ada')
  const parts = await addCohortAndVersion(database, person, STUDENTS)
  const { runId, number } = await addHeldRun(database, person, parts)
  const steps = Math.floor(points / STUDENTS / NAMES.length)
  await database.$executeRaw`
    INSERT INTO "MetricChunk"
      ("teamId", "runId", student, name, "firstStep", "lastStep", steps, "values", "eventSeq")
    SELECT ${person.teamId}, ${runId}, student, name, step, step, ARRAY[step], ARRAY[sin(step * 0.01) + random()], step
    FROM generate_series(0, ${STUDENTS - 1}::int) AS student, unnest(${NAMES}::text[]) AS name,
      generate_series(1, ${steps}::int) AS step`
  await database.$executeRaw`ANALYZE "MetricChunk"`
  const { slug } = await database.team.findUniqueOrThrow({ where: { id: person.teamId } })
  const query = pageDocument('RunPage')
  const timesMs: number[] = []
  for (let i = 0; i < TIMES; i++) {
    const startedMs = performance.now()
    await ask(apiUrl, person.cookie, query, { slug, number })
    timesMs.push(performance.now() - startedMs)
  }
  const [firstMs] = timesMs
  return {
    points: steps * STUDENTS * NAMES.length,
    firstMs,
    medianMs: timesMs.toSorted((a, b) => a - b)[TIMES >> 1],
  }
}
