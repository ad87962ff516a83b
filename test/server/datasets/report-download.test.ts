import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ImportReport } from '../../../contract/import-report.ts'
import { insertVersion, MANIFEST } from '../rows.ts'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'

let server: TestServer
let ada: Person
let versionId: string

const LEFT_OUT = 1_500

beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
  versionId = (await insertVersion(server.database, ada, 'PENDING')).versionId
  const report: ImportReport = {
    pictures: 340,
    ignored: [{ path: '=HYPERLINK("http://x")', reason: 'no image' }],
    ignoredCount: 4,
    leftOut: Array.from({ length: LEFT_OUT }, (_, i) => ({ path: `cat/${i}.png`, reason: 'cut short' })),
    leftOutCount: LEFT_OUT,
    sizes: [
      { width: 28, height: 28, count: 300 },
      { width: 30, height: 20, count: 40 },
    ],
    resizedCount: 40,
    notes: ['Split by chance.'],
    doubts: [],
  }
  const data = { status: 'READY', manifest: MANIFEST, report, readyAt: new Date() } as const
  await server.database.datasetVersion.update({ where: { id: versionId }, data })
})
afterAll(() => server.stop())

const fetchReport = (name: string, { api } = ada) =>
  fetch(`${server.url}/files/reports/${name}`, { headers: api.headers })

it('brings every file that was left out, not only those that a page shows', async () => {
  const response = await fetchReport(`${versionId}.csv`)
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': 'attachment; filename="import-report-version-1.csv"',
    'x-content-type-options': 'nosniff',
  })
  const rows = (await response.text()).split('\r\n')
  expect(rows.filter((row) => row.startsWith('"left out","cat/'))).toHaveLength(LEFT_OUT)
  expect(rows).toContain('"left out","cat/1499.png","cut short"')
  expect(rows).toContain('"size","30x20","40"')
  expect(rows).toContain('"note","","Split by chance."')
})

it('holds no formula, and says how many files nobody named', async () => {
  const text = await (await fetchReport(`${versionId}.csv`)).text()
  expect(text).toContain(`"not an image","'=HYPERLINK(""http://x"")","no image"`)
  expect(text).toContain('"not an image","","and 3 more, which the import did not name"')
})

it('is not there for another team, nor for who is not signed in, nor where there is none', async () => {
  const bob = await server.signUp('Bob')
  const pending = await insertVersion(server.database, ada, 'PENDING')
  expect((await fetchReport(`${versionId}.csv`, bob)).status).toBe(404)
  expect((await fetch(`${server.url}/files/reports/${versionId}.csv`)).status).toBe(404)
  expect((await fetchReport(`${pending.versionId}.csv`)).status).toBe(404)
  expect((await fetchReport(`${versionId}.txt`)).status).toBe(404)
})

it('tells a page the commonest sizes, and how many there are', async () => {
  const query =
    'query ($id: ID!) { node(id: $id) { ... on DatasetVersion { report { sizes(first: 1) { width height count } sizeCount } } } }'
  const { node } = await ada.api.ask(query, { id: versionId })
  expect(node.report).toEqual({ sizes: [{ width: 28, height: 28, count: 300 }], sizeCount: 2 })
})
