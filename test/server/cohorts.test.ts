import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../contract/ids.ts'
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
      'cohort { students { position name architecture } teaching { method updateRule partnerRule temperature weight } }',
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
