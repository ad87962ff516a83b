import { afterAll, beforeAll, expect, it } from 'vitest'
import type { RunEventPayload } from '../../contract/run-events.ts'
import { recordRunEvent } from '../../prisma/run-events.ts'
import { insertCohort, insertRun, insertVersion } from './rows.ts'
import { type Person, startTestServer, type TestServer } from './test-server.ts'

let server: TestServer
let ada: Person
let runId: string

beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
  const parts = {
    ...(await insertCohort(server.database, ada)),
    ...(await insertVersion(server.database, ada)),
  }
  runId = await insertRun(server.database, ada, parts)
  await record({ kind: 'STATUS', status: 'STARTING', phase: 'LOADING', attempt: 1, failure: null })
  for (let i = 0; i < 1_200; i++) await record({ kind: 'LOG', level: 'INFO', message: `line ${i}` })
  await record({ kind: 'STATUS', status: 'QUEUED', phase: null, attempt: 2, failure: null })
  await record({ kind: 'LOG', level: 'WARN', message: 'two\nlines' })
  const failure = { code: 'INTERNAL', message: 'It broke.' } as const
  await record({ kind: 'STATUS', status: 'FAILED', phase: null, attempt: 2, failure })
}, 60_000)
afterAll(() => server.stop())

const record = (payload: RunEventPayload) =>
  server.database.$transaction((tx) => recordRunEvent(tx, runId, null, payload))
const fetchLog = (name: string, person = ada) =>
  fetch(`${server.url}/files/logs/${name}`, { headers: person.api.headers })

it('is downloaded whole and in order, as lines of JSON with level and attempt', async () => {
  const response = await fetchLog(`${runId}.jsonl`)
  expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="run-\d+\.jsonl"$/)
  const lines = (await response.text())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines.map(({ seq }) => seq)).toEqual(Array.from({ length: 1_204 }, (_, i) => i + 1))
  expect(lines[0]).toMatchObject({ level: 'INFO', attempt: 1, text: 'STARTING, LOADING' })
  expect(lines[1_200]).toMatchObject({ attempt: 1, text: 'line 1199' })
  expect(lines[1_202]).toMatchObject({ level: 'WARN', attempt: 2, text: 'two lines' })
  expect(lines[1_203]).toMatchObject({ level: 'ERROR', text: 'FAILED: It broke.' })
})

it('is downloaded as text, one line for each', async () => {
  const lines = (await (await fetchLog(`${runId}.txt`)).text()).trimEnd().split('\n')
  expect(lines).toHaveLength(1_204)
  expect(lines[1_202]).toMatch(/^\d{4}-\d\d-\d\dT\S+Z WARN {2}\[2\] two lines$/)
})

it('is not there for another team, nor under another name', async () => {
  const bob = await server.signUp('Bob')
  expect((await fetchLog(`${runId}.txt`, bob)).status).toBe(404)
  expect((await fetchLog(`${runId}.html`)).status).toBe(404)
  expect((await fetchLog('run_nobody.txt')).status).toBe(404)
  expect((await fetch(`${server.url}/files/logs/${runId}.txt`)).status).toBe(404)
})
