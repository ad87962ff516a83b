import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertCohort, insertFinishedRun, insertRun, insertVersion } from '../rows.ts'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'
import { insertScoredRuns } from './scored-runs.ts'

let server: TestServer
let ada: Person
let runIds: string[]

beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
  runIds = await insertScoredRuns(server.database, ada)
})
afterAll(() => server.stop())

async function list(args: string): Promise<number[]> {
  const { node } = await ada.api.ask(
    `query ($id: ID!) { node(id: $id) { ... on Team { runs(${args}) { totalCount nodes { number } } } } }`,
    { id: ada.teamId },
  )
  return node.runs.nodes.map(({ number }: { number: number }) => number)
}
const where = (column: string, is: string, value: string) =>
  `where: [{ column: "${column}", is: ${is}, value: "${value}" }]`

describe('several runs at once', () => {
  const change = (name: string, input: object) =>
    ada.api.mutate(name, input, 'runs { number status tags archivedAt }')

  it('are tagged, and found by their tags', async () => {
    const { runs } = await change('tagRuns', { runIds: runIds.slice(0, 2), add: ['paper', 'old'] })
    expect(runs.map(({ tags }: { tags: string[] }) => tags)).toEqual([
      ['paper', 'old'],
      ['paper', 'old'],
    ])
    await change('tagRuns', { runIds: runIds.slice(1, 2), remove: ['paper'] })
    expect(await list(where('tags', 'EQUAL', 'paper'))).toEqual([1])
    expect(await list(where('tags', 'NOT_EQUAL', 'old'))).toEqual([6, 5, 4, 3])
    expect(await list('text: "OLD"')).toEqual([2, 1])
  })

  it('are archived all or none', async () => {
    const refused = await change('archiveRuns', { runIds: [runIds[0], runIds[5]] })
    expect(refused.errors).toEqual([
      {
        code: 'CONFLICT',
        message: 'Run 6 has not ended. Cancel it before you archive it.',
        path: ['runIds'],
      },
    ])
    expect((await list('archived: true')).length).toBe(0)
    await change('archiveRuns', { runIds: runIds.slice(0, 1) })
    expect(await list('archived: true')).toEqual([1])
    expect(await list('first: 50')).toEqual([6, 5, 4, 3, 2])
    expect(await list('archived: null')).toEqual([6, 5, 4, 3, 2, 1])
    await change('archiveRuns', { runIds: runIds.slice(0, 1), archived: false })
    expect(await list('archived: true')).toEqual([])
  })

  it('are canceled where they have not ended', async () => {
    const { runs } = await change('cancelRuns', { runIds: runIds.slice(4) })
    expect(runs).toMatchObject([
      { number: 6, status: 'CANCELED' },
      { number: 5, status: 'SUCCEEDED' },
    ])
  })

  it('are of one team', async () => {
    const bob = await server.signUp('Bob')
    const { versionId } = await insertVersion(server.database, bob)
    const { cohortId } = await insertCohort(server.database, bob)
    const theirs = await insertRun(server.database, bob, { cohortId, versionId })
    const { errors } = await change('tagRuns', { runIds: [runIds[0], theirs], add: ['mine'] })
    expect(errors).toMatchObject([{ code: 'NOT_FOUND', path: ['runIds'] }])
    expect(await list(where('tags', 'EQUAL', 'mine'))).toEqual([])
  })
})

describe('a run', () => {
  it('gets a name, tags and notes, and keeps what is not named', async () => {
    const [runId] = runIds
    const update = (input: object) =>
      ada.api.mutate('updateRun', { runId, ...input }, 'run { name tags notes }')
    await update({ name: ' Baseline ', tags: ['a', 'b', 'a'], notes: '**Good**' })
    const { run } = await update({ notes: 'Better' })
    expect(run).toEqual({ name: 'Baseline', tags: ['a', 'b'], notes: 'Better' })
    expect((await update({ name: '', notes: null })).run).toEqual({
      name: null,
      tags: ['a', 'b'],
      notes: null,
    })
    const { errors } = await update({ tags: ['x'.repeat(41)] })
    expect(errors).toMatchObject([{ code: 'INVALID_INPUT', path: ['tags', '0'] }])
  })
})

describe('deleting a run', () => {
  const DELETION = `query ($id: ID!) { node(id: $id) { ... on Run { deletion { refusal losses } } } }`
  interface Page {
    node: { runs: { nodes: { id: string }[]; pageInfo: { endCursor: string } } }
  }
  const deletionOf = async (id: string) => (await ada.api.ask(DELETION, { id })).node.deletion
  const remove = (runId: string) => ada.api.mutate('deleteRun', { runId }, 'deletedId')

  it('takes everything of it along, and tells before what that is', async () => {
    const made = await insertFinishedRun(server.database, server.storage, ada)
    await ada.api.mutate('setModelAlias', { id: made.modelId, name: 'production' })
    const { losses, refusal } = await deletionOf(made.runId)
    expect([refusal, losses.join('; ')]).toEqual([null, expect.stringContaining('“production”')])
    const { run: clone } = await ada.api.mutate(
      'cloneRun',
      { runId: made.runId },
      'run { id clonedFrom { id } }',
    )
    expect(clone.clonedFrom.id).toBe(made.runId)
    expect(await remove(clone.id)).toMatchObject({ errors: [{ code: 'CONFLICT' }] })
    expect((await remove(made.runId)).deletedId).toBe(made.runId)
    expect(await server.database.model.count({ where: { runId: made.runId } })).toBe(0)
    const left = await server.database.run.findUniqueOrThrow({ where: { id: clone.id } })
    expect(left.clonedFromId).toBeNull()
  })

  it('leaves whoever reads the list after it in the order of numbers, and tells them in any other', async () => {
    const reader = await server.signUp('Reader')
    const made: string[] = []
    for (let n = 0; n < 3; n++)
      made.push((await insertFinishedRun(server.database, server.storage, reader)).runId)
    const page = (after: string | null, column: string) =>
      reader.api.send(
        `query ($id: ID!, $after: String) { node(id: $id) { ... on Team {
          runs(first: 1, after: $after, orderBy: { column: "${column}" }) { nodes { id } pageInfo { endCursor } } } } }`,
        { id: reader.teamId, after },
      )
    const runsOf = (answer: Awaited<ReturnType<typeof page>>) => (answer.data as never as Page).node.runs
    const first = runsOf(await page(null, 'number'))
    const byBest = runsOf(await page(null, 'best'))
    await reader.api.mutate('deleteRun', { runId: first.nodes[0]?.id }, 'deletedId')
    expect(runsOf(await page(first.pageInfo.endCursor, 'number')).nodes).toEqual([{ id: made[1] }])
    if (byBest.nodes[0]?.id !== first.nodes[0]?.id)
      await reader.api.mutate('deleteRun', { runId: byBest.nodes[0]?.id }, 'deletedId')
    const { errors } = await page(byBest.pageInfo.endCursor, 'best')
    expect(errors?.[0]).toMatchObject({
      extensions: { code: 'INVALID_INPUT' },
      message: expect.stringContaining('deleted'),
    })
  })

  it('is possible for many at once', async () => {
    const made = []
    for (let n = 0; n < 14; n++) made.push(await insertFinishedRun(server.database, server.storage, ada))
    const answers = await Promise.all(made.map(({ runId }) => remove(runId)))
    expect(answers.flatMap(({ errors }) => errors)).toEqual([])
  })

  it('is refused while one of its models teaches', async () => {
    const made = await insertFinishedRun(server.database, server.storage, ada)
    const teacher = { finishedModelId: made.modelId, weightsSha256: 'a'.repeat(64) }
    const { cohortId, studentIds } = await insertCohort(server.database, ada)
    await server.database.student.update({ where: { id: studentIds[0]! }, data: teacher })
    expect((await deletionOf(made.runId)).refusal).toContain(`“${cohortId}”`)
    expect((await remove(made.runId)).errors).toMatchObject([{ code: 'CONFLICT', path: ['runId'] }])
  })
})
