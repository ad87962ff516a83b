import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { LabelSuspects } from '../../../contract/label-suspects.ts'
import { insertFinishedRun } from '../rows.ts'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'

const FOUND = LabelSuspects.parse({
  format: 'studyhall-label-suspects-1',
  examined: 300,
  wrongCount: 2,
  students: ['ada', 'grace'],
  suspects: [
    { index: 17, label: 0, losses: [4.5, 3.25], answers: [1, 1], instead: 1 },
    { index: 3, label: 1, losses: [1.5, 2.5], answers: [0, 0], instead: 0 },
  ],
})

let server: TestServer
let owner: Person
let runId: string
let versionId: string

beforeAll(async () => {
  server = await startTestServer()
  owner = await server.signUp('Ada')
  const made = await insertFinishedRun(server.database, server.storage, owner)
  ;({ runId, versionId } = made)
})
afterAll(() => server.stop())

const ask = (person: Person, first?: number) =>
  person.api.send(
    `query ($id: ID!, $first: Int) { node(id: $id) { ... on Run {
      labelSuspects(first: $first) {
        examinedCount wrongCount pictures { index url class takenFor answers losses }
      }
    } } }`,
    { id: runId, first },
  )

it('says nothing of a run of before it was looked for, which is not the same as none', async () => {
  expect((await ask(owner)).data.node).toEqual({ labelSuspects: null })
})

it('tells the first of the images that no student believes, with where to look at them, to its team alone', async () => {
  const { sha256 } = await server.storage.put(Readable.from([JSON.stringify(FOUND)]))
  await server.database.run.update({ where: { id: runId }, data: { labelSuspectsSha256: sha256 } })
  const { labelSuspects } = (await ask(owner)).data.node
  expect(labelSuspects).toMatchObject({ examinedCount: 300, wrongCount: 2 })
  const [first, second] = labelSuspects.pictures
  const url = `${server.config.publicOrigin}/pictures/${versionId}/train/17`
  expect(first).toEqual({ index: 17, url, class: 0, takenFor: 1, answers: [1, 1], losses: [4.5, 3.25] })
  expect(second).toMatchObject({ index: 3, class: 1, takenFor: 0 })
  expect((await ask(owner, 1)).data.node.labelSuspects.pictures).toEqual([first])

  const stranger = await server.signUp('Mallory')
  expect((await ask(stranger)).data).toEqual({ node: null })
})

it('brings no more than a hundred, and says so', async () => {
  const { errors } = await ask(owner, 101)
  expect(errors![0]).toMatchObject({
    message: 'first is 101; it is 0 to 100.',
    extensions: { code: 'INVALID_INPUT' },
  })
})
