import { afterAll, beforeAll, expect, it } from 'vitest'
import { EVALUATION, insertFinishedRun } from '../rows.ts'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'

let server: TestServer
let ada: Person
let parts: Awaited<ReturnType<typeof insertFinishedRun>>

beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
  parts = await insertFinishedRun(server.database, server.storage, ada)
})
afterAll(() => server.stop())

/** As if the students had scored so. */
async function score(...scores: { top1: number; loss: number }[]): Promise<void> {
  const students = EVALUATION.students.map((student, i) => ({ ...student, ...scores[i] }))
  const evaluation = { ...EVALUATION, testCount: 1000, students }
  await server.database.run.update({ where: { id: parts.runId }, data: { evaluation } })
}

async function findings() {
  const query = `query ($id: ID!) { node(id: $id) { ... on Run {
    findings { code student message cause suggestion } } } }`
  return (await ada.api.ask(query, { id: parts.runId })).node.findings
}

it('a run whose students have learned has no findings', async () => {
  await score({ top1: 0.9, loss: 0.3 }, { top1: 0.9, loss: 0.3 })
  expect(await findings()).toEqual([])
})

it('a run that succeeded with a student that diverged says so, with a cause and what to try', async () => {
  await score({ top1: 0.9, loss: 0.3 }, { top1: 0.5, loss: 1e18 })
  expect(await findings()).toEqual([
    {
      code: 'DIVERGED',
      student: 'grace',
      message: expect.stringContaining('1.0e+18'),
      cause: expect.stringContaining('learning rate'),
      suggestion: expect.stringContaining('Divide'),
    },
  ])
})

it('a run is started by an odd recipe all the same, with what is odd about it', async () => {
  const { cohortId, versionId: datasetVersionId } = parts
  const input = { cohortId, datasetVersionId, recipe: { learningRate: 100 } }
  const started = await ada.api.mutate('startRun', input, 'run { id status } warnings')
  expect(started.run.status).toBe('QUEUED')
  expect(started.warnings).toContainEqual(expect.stringContaining('A learning rate of 100'))
  const cloned = await ada.api.mutate('cloneRun', { runId: started.run.id }, 'run { id } warnings')
  expect(cloned.warnings).toEqual(started.warnings)
})
