import pg from 'pg'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { newId } from '../../../contract/ids.ts'
import { VERSION } from '../../../server/version.ts'
import { insertFinishedRun } from '../rows.ts'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'

let server: TestServer
let administrator: Person
let ada: Person
beforeAll(async () => {
  server = await startTestServer()
  administrator = await server.signUp('Administrator')
  ada = await server.signUp('Ada')
  await insertFinishedRun(server.database, server.storage, ada)
})
afterAll(() => server.stop())

const ask = async (fields: string, by = administrator) =>
  (await by.api.ask(`{ instance { ${fields} } }`)).instance
const STORED = 'stored { uploads datasets checkpoints models total }'

it('everybody else is shown nothing of it', async () => {
  for (const fields of [
    'health { version }',
    'people { totalCount }',
    'teams { totalCount }',
    'workers { name }',
  ])
    expect(await ask(fields, ada)).toBeNull()
  expect(await ask('storage { all { total } }', ada)).toBeNull()
})

it('its parts answer, and say what they are', async () => {
  const { health } = await ask(
    'health { version startedAt database { answers version byteLength } queue { answers kind waiting } storage { answers kind place freeBytes } }',
  )
  expect(health).toMatchObject({
    version: VERSION,
    database: { answers: true, version: expect.stringMatching(/^\d+/) },
    queue: { answers: true, kind: 'PostgreSQL', waiting: 0 },
    storage: { answers: true, kind: 'Folder' },
  })
  expect(health.database.byteLength).toBeGreaterThan(1_000_000)
  expect(health.storage.freeBytes).toBeGreaterThan(0)
})

it('teams are told with how much of each there is, and what is stored adds up by kind', async () => {
  const { teams } = await ask(`teams(search: "ADA") { totalCount nodes { name members runs ${STORED} } }`)
  const { database } = server
  const sum = async (files: Promise<{ sha256: string | null; byteLength: bigint }[]>) =>
    Number(
      [...new Map((await files).map((file) => [file.sha256, file.byteLength])).values()].reduce(
        (a, b) => a + b,
        0n,
      ),
    )
  const where = { teamId: ada.teamId }
  const uploads = await sum(database.upload.findMany({ where: { ...where, status: 'FINALIZED' } }))
  const checkpoints = await sum(database.checkpoint.findMany({ where }))
  const models = await sum(database.artifact.findMany({ where }))
  expect(models).toBeGreaterThan(0)
  const [team] = teams.nodes
  const { datasets } = team.stored
  expect(datasets).toBeGreaterThan(0)
  const stored = { uploads, datasets, checkpoints, models, total: uploads + datasets + checkpoints + models }
  expect([teams.totalCount, team]).toEqual([1, { name: 'Ada’s team', members: 1, runs: 1, stored }])
  const { storage } = await ask(`storage { all { total } teams { id ${STORED} } }`)
  expect(storage).toEqual({ all: { total: stored.total }, teams: [{ id: ada.teamId, stored }] })
})

const textOf = (asked: unknown) => (typeof asked === 'string' ? asked : (asked as { text: string }).text)

it('the limits of forty teams take as many queries as those of one', async () => {
  const row = (n: number) => ({ id: newId('Team'), name: `Forty ${n}`, slug: `forty-${n}` })
  await server.database.team.createMany({ data: Array.from({ length: 40 }, (_, n) => row(n)) })
  // The server runs in this process, and everything that it asks the database goes this way.
  const query = vi.spyOn(pg.Client.prototype, 'query')
  const count = async (first: number) => {
    query.mockClear()
    const { teams } = await ask(
      `teams(first: ${first}, search: "Forty") { nodes { quotas { kind used hard } } }`,
    )
    expect(teams.nodes).toHaveLength(first)
    expect(teams.nodes[0].quotas).toHaveLength(5)
    const texts = query.mock.calls.map(([asked]) => textOf(asked))
    return texts.filter((text) => /\bFROM\b/.test(text)).length
  }
  // What the server looks at by its clocks comes in between now and then, and not three times.
  const fewest = async (first: number) => Math.min(await count(first), await count(first), await count(first))
  await count(1)
  const ofOne = await fewest(1)
  expect(await fewest(40)).toBe(ofOne)
  query.mockRestore()
})

it('workers are told by their names, which say where they run', async () => {
  const name = 'machine-7:4242'
  const worker = { id: 'w', name, device: 'CPU' as const, deviceName: 'A processor', capacity: 1 }
  const process = { host: 'machine-7', pid: 4242, engineVersion: '1', engineBuild: 'abc' }
  await server.database.worker.create({ data: { ...worker, ...process } })
  expect((await ask('workers { name engineBuild }')).workers).toEqual([{ name, engineBuild: 'abc' }])
  const { workers } = await ada.api.ask('{ workers { name } }')
  expect(workers).not.toEqual([{ name }])
})
