import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listedArchitectures } from '../../contract/architectures.ts'
import { newId } from '../../contract/ids.ts'
import { sizeOfNetwork } from '../../contract/networks/network-size.ts'
import { insertFinishedRun, insertVersion } from './rows.ts'
import { type Person, startTestServer, type TestServer } from './test-server.ts'

let server: TestServer
let ada: Person

beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
})
afterAll(() => server.stop())

const students = (count: number, architecture = 'resnet-8') =>
  Array.from({ length: count }, (_, i) => ({ name: `s${i}`, architecture }))

describe('a cohort', () => {
  const create = (more: object) =>
    ada.api.mutate(
      'createCohort',
      { teamId: ada.teamId, name: newId('Cohort'), students: students(2), ...more },
      'cohort { students { position name architecture } teaching { method updateRule partnerRule temperature weight divergence featureWeight targetClassWeight otherClassesWeight standardizesLogits ensembleRule peerAverageDecay pausesLeader } }',
    )

  it('keeps its students in order, and is taught as in the paper where nothing is said', async () => {
    const { cohort, errors } = await create({ students: students(3), teaching: { method: null } })
    expect(errors).toEqual([])
    expect(cohort).toEqual({
      students: [0, 1, 2].map((position) => ({ position, name: `s${position}`, architecture: 'resnet-8' })),
      teaching: {
        method: 'MUTUAL',
        updateRule: 'SEQUENTIAL',
        partnerRule: 'ALL',
        temperature: 1,
        weight: 1,
        divergence: 'KL',
        featureWeight: 0,
        targetClassWeight: 1,
        otherClassesWeight: 8,
        standardizesLogits: false,
        ensembleRule: 'MEAN_POSTERIOR',
        peerAverageDecay: null,
        pausesLeader: false,
      },
    })
  })

  it.each([
    ['no student', { students: [] }, ['students'], /at least one student/],
    ['one student who learns from nobody', { students: students(1) }, ['students'], /at least two/],
    ['17 students', { students: students(17) }, ['students'], /at most 16/],
    ['100 students', { students: students(100) }, ['students'], /at most 16/],
    [
      'an unknown architecture',
      { students: students(2, 'resnet-33') },
      ['students', '0', 'architecture'],
      /no architecture “resnet-33”; choose one of resnet-8/,
    ],
    [
      'a student’s name with a space',
      { students: [...students(1), { name: 'a b', architecture: 'resnet-8' }] },
      ['students', '1', 'name'],
      /a student’s name/,
    ],
    [
      'two students of one name',
      { students: [...students(1), ...students(1)] },
      ['students'],
      /the same name/,
    ],
    ['no temperature', { teaching: { temperature: 0 } }, ['teaching', 'temperature'], /./],
    [
      'a partner rule that its method has no use for',
      { teaching: { method: 'DISTILLATION', partnerRule: 'ONE_PER_EPOCH' } },
      ['teaching', 'partnerRule'],
      /only under MUTUAL/,
    ],
    ['a name too long', { name: 'x'.repeat(121) }, ['name'], /at most 120/],
  ])('with %s is refused by name', async (_, wrong, path, message) => {
    const { cohort, errors } = await create(wrong)
    expect(cohort).toBeNull()
    expect(errors[0]).toMatchObject({ code: 'INVALID_INPUT', path })
    expect(errors[0].message).toMatch(message)
  })

  it('of one student may train INDEPENDENT', async () => {
    expect((await create({ students: students(1), teaching: { method: 'INDEPENDENT' } })).errors).toEqual([])
  })

  it.each([
    { method: 'DISTILLATION', temperature: 4, weight: 0.5 },
    { method: 'MUTUAL', partnerRule: 'ONE_PER_EPOCH' },
    { method: 'MUTUAL', divergence: 'SYMMETRIC_KL', featureWeight: 0.5 },
    { divergence: 'DECOUPLED_KL', targetClassWeight: 2, otherClassesWeight: 4, pausesLeader: true },
    {
      method: 'ENSEMBLE_TEACHER',
      ensembleRule: 'LEAST_LOSS',
      peerAverageDecay: 0.99,
      standardizesLogits: true,
    },
  ])('keeps the teaching %j', async (teaching) => {
    const { cohort, errors } = await create({ students: students(3), teaching })
    expect(errors).toEqual([])
    expect(cohort.teaching).toMatchObject(teaching)
  })

  it('names everything that is wrong at once', async () => {
    const { errors } = await create({
      students: [...students(1, 'vgg'), ...students(1, 'alexnet')],
      teaching: { weight: -1 },
    })
    expect(errors.map(({ path }: { path: string[] }) => path.join('.'))).toEqual(
      expect.arrayContaining(['students.0.architecture', 'students.1.architecture', 'teaching.weight']),
    )
  })

  it('of a name that the team has is a conflict', async () => {
    await create({ name: 'Twins' })
    expect((await create({ name: 'Twins' })).errors[0]).toMatchObject({ code: 'CONFLICT', path: ['name'] })
  })
})

describe('the networks that a cohort may have', () => {
  const networks = async (datasetVersionId: string | null = null, person = ada) => {
    const query = `query ($id: ID!, $v: ID) { node(id: $id) { ... on Team { networks(datasetVersionId: $v) {
      name family parameters multiplyAdds stepTimes { device milliseconds runs } bestScore } } } }`
    return person.api.send(query, { id: ada.teamId, v: datasetVersionId })
  }
  const find = (answer: Awaited<ReturnType<typeof networks>>, name: string) =>
    answer.data.node.networks.find((network: { name: string }) => network.name === name)

  it('are told with their size on usual images, and as unmeasured', async () => {
    const answer = await networks()
    const names = answer.data.node.networks.map(({ name }: { name: string }) => name)
    expect(names).toEqual(listedArchitectures())
    expect(find(answer, 'resnet-32')).toEqual({
      name: 'resnet-32',
      family: 'ResNet for small images',
      ...sizeOfNetwork('resnet-32', { height: 32, width: 32, channels: 3 }, 10),
      stepTimes: [],
      bestScore: null,
    })
  })

  it('are told with the step times and best score of finished runs on a dataset', async () => {
    const { database, storage } = server
    const made = await insertFinishedRun(database, storage, ada)
    const { teamId } = ada
    // Two equal students see 2000 images in a second: 64 of them take one student 16 ms.
    await database.run.update({ where: { id: made.runId }, data: { steps: 10, imagesPerSecond: 2000 } })
    await database.runAttempt.create({
      data: {
        teamId,
        runId: made.runId,
        number: 1,
        workerName: 'w',
        device: 'CPU',
        endedAt: new Date(),
        outcome: 'SUCCEEDED',
      },
    })
    const known = find(await networks(made.versionId), 'resnet-8')
    expect(known.bestScore).toBe(0.9)
    expect(known.stepTimes).toEqual([{ device: 'CPU', milliseconds: expect.closeTo(16, 6), runs: 1 }])
    // Of larger images, and of a larger network, a step takes as many times as long as it has multiply-adds.
    const here = sizeOfNetwork('resnet-8', { height: 28, width: 28, channels: 1 }, 2)?.multiplyAdds ?? 0
    const usual = find(await networks(), 'resnet-8')
    expect(usual.stepTimes[0].milliseconds).toBeCloseTo((16 * usual.multiplyAdds) / here, 6)
    expect(find(await networks(), 'resnet-14').stepTimes).toEqual([])
  })

  it('are not told of a version of another team', async () => {
    const bob = await server.signUp('Bob')
    const { versionId } = await insertVersion(server.database, bob)
    expect((await networks(versionId)).errors?.[0]?.extensions?.code).toBe('NOT_FOUND')
  })
})
