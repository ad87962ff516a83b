import { afterAll, beforeAll, expect, it } from 'vitest'
import { recordRunEvent } from '../../runs/events.ts'
import { findFreePorts } from '../free-ports.ts'
import { insertCohort, insertRun, insertVersion, moveRun } from './rows.ts'
import { type Person, startTestServer, type TestServer } from './test-server.ts'

let server: TestServer
let ada: Person
let metricsUrl: string

beforeAll(async () => {
  const [port] = await findFreePorts(1)
  server = await startTestServer({ metrics: { host: '127.0.0.1', port: port! } })
  metricsUrl = `http://127.0.0.1:${port}/metrics`
  ada = await server.signUp()
})
afterAll(() => server.stop())

/** A number as Prometheus would read it. */
async function read(name: string): Promise<number> {
  const text = await (await fetch(metricsUrl)).text()
  const line = text.split('\n').find((each) => each.startsWith(`${name} `))
  if (!line) throw new Error(`no ${name} in\n${text}`)
  return Number(line.slice(name.length + 1))
}

it('tells Prometheus of the queue, the runs, the streams and the event loop, on an address of its own', async () => {
  const parts = {
    ...(await insertCohort(server.database, ada)),
    ...(await insertVersion(server.database, ada)),
  }
  await insertRun(server.database, ada, parts)
  const running = await insertRun(server.database, ada, parts)
  await moveRun(server.database, running, ['STARTING', 'RUNNING'])
  const began = { imagesPerSecond: 120, startedAt: new Date(Date.now() + 3_000) }
  await server.database.run.update({ where: { id: running }, data: began })

  const { slug } = await server.database.team.findUniqueOrThrow({ where: { id: ada.teamId } })
  expect(await read(`studyhall_queue_length{team="${slug}"}`)).toBe(1)
  expect(await read('studyhall_runs{status="RUNNING"}')).toBe(1)
  expect(await read('studyhall_images_per_second')).toBe(120)
  expect(await read('studyhall_queue_wait_seconds{quantile="0.5"}')).toBeGreaterThan(2)
  expect(await read('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0)
  expect(await read('studyhall_subscribers')).toBe(0)

  const events = ada.api.listen('subscription ($id: ID!) { runEvents(runId: $id) { seq } }', { id: running })
  const first = events.next()
  await expect.poll(() => read('studyhall_subscribers')).toBe(1)
  await server.database.$transaction((tx) =>
    recordRunEvent(tx, running, null, { kind: 'LOG', level: 'INFO', message: 'hello' }),
  )
  await first
  expect(await read('studyhall_events_sent_total')).toBe(1)
  await events.return(undefined)
  await expect.poll(() => read('studyhall_subscribers')).toBe(0)
  expect((await fetch(`${server.url}/metrics`)).status).toBe(404)
})
