import { afterAll, beforeAll, expect, it } from 'vitest'
import { EXAMPLES } from '../../../web/features/api-explorer/examples.ts'
import { insertFinishedRun } from '../rows.ts'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'

let server: TestServer
let ada: Person
let made: Awaited<ReturnType<typeof insertFinishedRun>>
let team: { id: string; slug: string }
beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
  made = await insertFinishedRun(server.database, server.storage, ada)
  team = (await ada.api.ask('{ viewer { teams { id slug } } }')).viewer.teams[0]
})
afterAll(() => server?.stop())

it('are ten, each of its own', () => {
  expect(EXAMPLES).toHaveLength(10)
  expect(new Set(EXAMPLES.map(({ title }) => title)).size).toBe(10)
})

it.each(EXAMPLES.map((example) => ({ name: example.title, ...example })))(
  'the explorer’s example is answered: $name',
  async ({ query, variables }) => {
    const given = variables?.(team) ?? {}
    if (!query.startsWith('subscription')) return expectAnswer(await ada.api.ask(query, given))
    // One that began just now, of which the subscription tells first.
    await ada.api.mutate('startRun', { cohortId: made.cohortId, datasetVersionId: made.versionId })
    for await (const { data, errors } of ada.api.listen(query, given)) {
      expect(errors).toBeUndefined()
      return expectAnswer(data)
    }
    expect.unreachable('nothing came')
  },
)

/** Something under every list, and no errors in a payload. */
function expectAnswer(data: object): void {
  const text = JSON.stringify(data)
  expect(text).not.toMatch(/"(team|run|cohort)":null/)
  expect(text).not.toMatch(/"errors":\[[^\]]/)
}
