import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertCohort, insertFinishedRun } from './rows.ts'
import { type Person, startTestServer, type TestServer } from './test-server.ts'

let server: TestServer
let ada: Person
let bob: Person
let parts: Awaited<ReturnType<typeof insertFinishedRun>>

beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
  bob = await server.signUp('Bob')
  parts = await insertFinishedRun(server.database, server.storage, ada)
  await insertFinishedRun(server.database, server.storage, bob)
  await server.database.cohort.update({ where: { id: parts.cohortId }, data: { name: '100% Café_twins' } })
  await server.database.dataset.update({ where: { id: parts.datasetId }, data: { name: 'Café pictures' } })
})
afterAll(() => server.stop())

const query = `query ($id: ID!, $text: String!, $first: Int) { node(id: $id) { ... on Team {
  search(text: $text, first: $first) { __typename
    ... on Dataset { id } ... on Cohort { id } ... on Run { id } ... on Model { id } ... on Ensemble { id } } } } }`

async function find(text: string, first = 5): Promise<string[]> {
  const { node } = await ada.api.ask(query, { id: ada.teamId, text, first })
  return node.search.map(({ __typename, id }: { __typename: string; id: string }) => `${__typename} ${id}`)
}

describe('the search of a team', () => {
  it('finds data, cohorts and the runs of cohorts by a part of their name, whatever the case', async () => {
    expect((await find('CAFÉ')).sort()).toEqual(
      [`Cohort ${parts.cohortId}`, `Dataset ${parts.datasetId}`, `Run ${parts.runId}`].sort(),
    )
  })

  it('finds a run by its number, however it is written', async () => {
    for (const text of ['1', '#1', 'run 1', ' Run 1 '])
      expect(await find(text)).toContain(`Run ${parts.runId}`)
  })

  it('finds a model by its student and by its alias', async () => {
    const { modelId, datasetId } = parts
    expect(await find('ada')).toContain(`Model ${modelId}`)
    await ada.api.mutate('setModelAlias', { id: modelId, name: 'production' }, 'trained { id }')
    expect(await find('produc')).toEqual([`Model ${modelId}`])
    expect(datasetId).toBeTruthy()
  })

  it('takes % and _ for what they are', async () => {
    expect(await find('100% c')).toContain(`Cohort ${parts.cohortId}`)
    expect(await find('é_t')).toContain(`Cohort ${parts.cohortId}`)
    expect(await find('é%s')).toEqual([])
    expect(await find('caf_ p')).toEqual([])
  })

  it('finds nothing of another team', async () => {
    const { cohortId } = await insertCohort(server.database, bob)
    await server.database.cohort.update({ where: { id: cohortId }, data: { name: 'Hidden' } })
    expect(await find('hidden')).toEqual([])
  })

  it.each([
    ['an empty text', '   ', 5],
    ['a long text', 'a'.repeat(101), 5],
    ['too large a page', 'a', 21],
    ['no page', 'a', 0],
  ])('refuses %s by name', async (_, text, first) => {
    const { errors } = await ada.api.send(query, { id: ada.teamId, text, first })
    expect(errors?.[0]?.extensions?.code).toBe('INVALID_INPUT')
  })
})
