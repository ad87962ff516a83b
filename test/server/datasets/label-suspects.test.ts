import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { LabelSuspects } from '../../../contract/label-suspects.ts'
import { encodeTestAnswers } from '../../../contract/runs/test-answers.ts'
import type { Run } from '../../../prisma/client.ts'
import { readClassCurves } from '../../../server/use-cases/answers/read-class-curves.ts'
import { insertFinishedRun, MANIFEST } from '../rows.ts'
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

const ANSWERS = {
  students: ['ada', 'grace'],
  labels: Int32Array.of(0, 0, 1, 1),
  // Of each image, Ada's and Grace's: both right, one right, both wrong and sure, both wrong.
  answers: Int32Array.of(0, 0, 1, 0, 0, 0, 0, 0),
  confidences: Float32Array.of(0.75, 0.75, 0.5, 0.5, 1, 0.9375, 0.75, 1),
  losses: Float32Array.of(0.25, 0.25, 0.75, 1, 8, 4, 2, 5),
}

async function testPictures(wanted: object = {}, person = owner) {
  const query = `query ($id: ID!, $which: TestPictureFilter, $student: String, $class: Int, $takenFor: Int, $first: Int, $after: String) {
    node(id: $id) { ... on Run {
      testPictures(which: $which, student: $student, class: $class, takenFor: $takenFor, first: $first, after: $after) {
        totalCount nodes { index url class answers confidences losses } pageInfo { hasNextPage endCursor } } } } }`
  const { data, errors } = await person.api.send(query, { id: runId, ...wanted })
  return data?.node?.testPictures ?? errors
}
const indicesOf = async (wanted: object) =>
  (await testPictures(wanted)).nodes.map(({ index }: { index: number }) => index)

it('a run of before test answers were kept has none', async () => {
  expect(await testPictures()).toMatchObject({ totalCount: 0, nodes: [] })
})

it('test images come with every student’s answer, the highest mean loss first, page by page', async () => {
  const { sha256 } = await server.storage.put(Readable.from([Buffer.from(encodeTestAnswers(ANSWERS))]))
  await server.database.run.update({ where: { id: runId }, data: { testAnswersSha256: sha256 } })
  const first = await testPictures({ first: 3 })
  expect(first.totalCount).toBe(4)
  expect(first.nodes[0]).toEqual({
    index: 2,
    url: `${server.config.publicOrigin}/pictures/${versionId}/test/2`,
    class: 1,
    answers: [0, 0],
    confidences: [1, 0.9375],
    losses: [8, 4],
  })
  expect(first.nodes.map(({ index }: { index: number }) => index)).toEqual([2, 3, 1])
  const second = await testPictures({ first: 3, after: first.pageInfo.endCursor })
  expect(second).toMatchObject({ nodes: [{ index: 0 }], pageInfo: { hasNextPage: false } })
  expect(await testPictures({}, await server.signUp('Trudy'))).toBeUndefined()
})

it.each([
  [{ which: 'ANY_WRONG' }, [2, 3, 1]],
  [{ which: 'RIGHT_AND_WRONG' }, [1]],
  [{ which: 'ALL_WRONG' }, [2, 3]],
  [{ which: 'ALL_WRONG_AND_SURE' }, [2]],
  [{ class: 0, takenFor: 1 }, [1]],
  [{ class: 0, takenFor: 0, student: 'ada' }, [0]],
  // By Grace's own loss.
  [{ class: 1, takenFor: 0, student: 'grace' }, [3, 2]],
])('test images are found by %o', async (wanted, indices) => {
  expect(await indicesOf(wanted)).toEqual(indices)
})

it('a student that the run has not is named', async () => {
  expect((await testPictures({ student: 'joan' }))[0].message).toContain('“joan”')
})

async function classCurves(wanted: object = {}, person = owner) {
  const query = `query ($id: ID!, $student: Int, $classes: [Int!], $worst: Int) {
    node(id: $id) { ... on Run {
      classCurves(student: $student, classes: $classes, worst: $worst) { steps mean classes { class recall } }
    } } }`
  const { data, errors } = await person.api.send(query, { id: runId, ...wanted })
  return data?.node?.classCurves ?? errors?.[0]?.message ?? data
}

it('a run of before classes were counted at each evaluation has no curves', async () => {
  expect(await classCurves()).toEqual({ node: { classCurves: null } })
})

it('tells how classes were learned, the worst first, by one student or by the ensemble', async () => {
  const { teamId } = owner
  const rows = [
    { step: 5, student: -1, hits: [0, 10] },
    { step: 10, student: -1, hits: [20, 15] },
    { step: 5, student: 1, hits: [5, 0] },
  ]
  await server.database.classHits.createMany({ data: rows.map((row) => ({ teamId, runId, ...row })) })
  const cat = { class: 0, recall: [0, 1] }
  const dog = { class: 1, recall: [0.5, 0.75] }
  expect(await classCurves({ worst: 5 })).toEqual({
    steps: [5, 10],
    mean: [0.25, 0.875],
    classes: [dog, cat],
  })
  expect(await classCurves({ worst: 1 })).toMatchObject({ classes: [dog] })
  expect(await classCurves({ classes: [0] })).toMatchObject({ classes: [cat] })
  expect(await classCurves({ student: 1, classes: [1, 0] })).toEqual({
    steps: [5],
    mean: [0.125],
    classes: [
      { class: 1, recall: [0] },
      { class: 0, recall: [0.25] },
    ],
  })
  expect(await classCurves({ student: 70_000 })).toEqual({ node: { classCurves: null } })
  expect(await classCurves({}, await server.signUp('Peggy'))).toEqual({ node: null })
})

it('tells nothing of a class without test images, whose recall nobody knows', async () => {
  const version = await server.database.datasetVersion.findUniqueOrThrow({ where: { id: versionId } })
  const manifest = structuredClone(MANIFEST)
  if (manifest.kind === 'CLASSIFICATION') manifest.splits.test.classCounts = [40, 0]
  const without = { ...version, manifest }
  const read = async (wanted: { classes?: number[] }) =>
    readClassCurves(server.database, { id: runId } as Run, without, { ...wanted, worst: 5 })
  const curves = { steps: [5, 10], mean: [0, 0.5], classes: [{ class: 0, recall: [0, 0.5] }] }
  expect(await read({ classes: [1, 0] })).toEqual(curves)
  expect(await read({})).toEqual(curves)
  expect(await read({ classes: [1] })).toEqual({ ...curves, classes: [] })
})

it.each([
  [{ classes: [2] }, 'There is no class 2; there are 2, from 0.'],
  [{ classes: Array(21).fill(0) }, '21 classes are asked for, at most 20 at once.'],
  [{ worst: 21 }, 'worst is 21; it is 1 to 20.'],
])('does not take %o for curves', async (wanted, message) => {
  expect(await classCurves(wanted)).toBe(message)
})
