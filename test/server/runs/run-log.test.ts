import { print } from 'graphql'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { RunEventPayload } from '../../../contract/runs/run-events.ts'
import { recordRunEvent } from '../../../runs/events.ts'
import type { LogLine } from '../../../web/features/runs/live/log-tail.ts'
import { applyEvent, openFeed } from '../../../web/features/runs/live/run-feed.ts'
import { RunEventsDocument, RunLogDocument } from '../../../web/graphql/generated/operations.ts'
import { pageRun } from '../../web/runs/page-run.ts'
import { insertCohort, insertRun, insertVersion } from '../rows.ts'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'

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
  await record({ kind: 'LOG', level: 'WARN', source: 'TENSORFLOW', message: 'two\nlines' })
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
  expect(lines[0]).toMatchObject({ level: 'INFO', attempt: 1, text: 'Starting, loading images' })
  // As rows of earlier versions are: without a source.
  expect(lines[1_200]).toMatchObject({ source: 'TRAINING', attempt: 1, text: 'line 1199' })
  expect(lines[1_202]).toMatchObject({ level: 'WARN', source: 'TENSORFLOW', attempt: 2, text: 'two lines' })
  expect(lines[1_203]).toMatchObject({ level: 'ERROR', source: 'WORKER', text: 'Failed: It broke.' })
})

it('is downloaded as text, one line for each', async () => {
  const lines = (await (await fetchLog(`${runId}.txt`)).text()).trimEnd().split('\n')
  expect(lines).toHaveLength(1_204)
  expect(lines[1_202]).toMatch(/^\d{4}-\d\d-\d\dT\S+Z WARN {2}TENSORFLOW \[2\] two lines$/)
})

/** Every page of the log as the API gives it. */
async function readPages(filter = '', first = 100, person = ada) {
  const query = `query ($id: ID!, $after: String) { node(id: $id) { ... on Run {
    log(first: ${first}, after: $after ${filter}) {
      totalCount nodes { seq time: at level source attempt text } pageInfo { hasNextPage endCursor }
    } } } }`
  const pages = []
  for (let after: string | null = null, more = true; more; ) {
    const { node } = await person.api.ask(query, { id: runId, after })
    pages.push(node.log)
    after = node.log.pageInfo.endCursor
    more = node.log.pageInfo.hasNextPage
  }
  return pages
}

it('is read in pages through the API, line by line as it is downloaded', async () => {
  const pages = await readPages()
  expect(pages.map(({ nodes }) => nodes.length)).toEqual([...Array(12).fill(100), 4])
  expect(pages[0].totalCount).toBe(1_204)
  const downloaded = (await (await fetchLog(`${runId}.jsonl`)).text()).trimEnd().split('\n')
  expect(pages.flatMap(({ nodes }) => nodes)).toEqual(downloaded.map((line) => JSON.parse(line)))
})

it('is read by level and by source, in whatever pages', async () => {
  const textsOf = async (filter: string, first?: number) =>
    (await readPages(filter, first)).flatMap(({ nodes }) => nodes.map(({ text }: { text: string }) => text))
  expect(await textsOf('levels: [WARN, ERROR]', 1)).toEqual(['two lines', 'Failed: It broke.'])
  expect(await textsOf('sources: [TENSORFLOW]')).toEqual(['two lines'])
  expect(await textsOf('sources: [WORKER]', 2)).toEqual([
    'Starting, loading images',
    'Queued',
    'Failed: It broke.',
  ])
  expect(await textsOf('sources: [WORKER], levels: [WARN]')).toEqual([])
  expect((await readPages('sources: [TRAINING]', 100))[0].totalCount).toBe(1_200)
})

it('has the source in the live feed, too', async () => {
  const query = `subscription ($id: ID!) { runEvents(runId: $id, afterSeq: 1201) { ... on LogWritten { source } } }`
  for await (const { data } of ada.api.listen(query, { id: runId })) {
    if (!data?.runEvents.source) continue
    expect(data.runEvents.source).toBe('TENSORFLOW')
    return
  }
  throw new Error('no line came')
})

it('reads the same in the live feed, as a page words its events, as by the query', async () => {
  const { node } = await ada.api.ask(print(RunLogDocument), { id: runId, after: null })
  const asked: LogLine[] = node.log.nodes
  let after = node.log.pageInfo.endCursor
  while (after) {
    const { log } = (await ada.api.ask(print(RunLogDocument), { id: runId, after })).node
    asked.push(...log.nodes)
    after = log.pageInfo.hasNextPage ? log.pageInfo.endCursor : null
  }
  let feed = openFeed(pageRun({ id: runId }))
  const events = ada.api.listen(print(RunEventsDocument), { runId, afterSeq: 0 })
  for await (const { data } of events) {
    feed = applyEvent(feed, data.runEvents)
    if (feed.seq === 1_204) break
  }
  expect(feed.log.lines).toEqual(asked)
})

it('is not there for another team, nor under another name', async () => {
  const bob = await server.signUp('Bob')
  expect((await fetchLog(`${runId}.txt`, bob)).status).toBe(404)
  const query = 'query ($id: ID!) { node(id: $id) { ... on Run { log { totalCount } } } }'
  expect(await bob.api.ask(query, { id: runId })).toEqual({ node: null })
  expect((await fetchLog(`${runId}.html`)).status).toBe(404)
  expect((await fetchLog('run_nobody.txt')).status).toBe(404)
  expect((await fetch(`${server.url}/files/logs/${runId}.txt`)).status).toBe(404)
})
