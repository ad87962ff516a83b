import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDatabase } from '../../prisma/client.ts'
import { createHealthRoutes } from '../../server/health.ts'
import { type JobQueues, openJobQueues } from '../../storage/queue.ts'
import { findFreePorts } from '../free-ports.ts'
import { startTestServer, type TestServer } from './test-server.ts'

let server: TestServer
let queues: JobQueues
beforeAll(async () => {
  server = await startTestServer()
  queues = await openJobQueues({ databaseUrl: server.databaseUrl }, () => {})
})
afterAll(async () => {
  await queues?.close()
  await server?.stop()
})

const WELL = { status: 'ok', milliseconds: expect.any(Number) }

it('tells how database, queue and storage are, and how long each took', async () => {
  const answer = await fetch(`${server.url}/healthz`)
  expect(answer.status).toBe(200)
  expect(await answer.json()).toEqual({ status: 'ok', database: WELL, queue: WELL, storage: WELL })
})

it('is unwell where the database is away, and ready for nothing, but alive', async () => {
  const away = new URL(server.databaseUrl)
  away.port = String((await findFreePorts(1))[0])
  const database = openDatabase(away.toString())
  const app = express().use(createHealthRoutes({ database, queues, storage: server.storage }))
  const listening = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => listening.once('listening', resolve))
  const ask = (path: string) => fetch(`http://127.0.0.1:${(listening.address() as AddressInfo).port}${path}`)
  const answer = await ask('/healthz')
  expect(answer.status).toBe(503)
  expect(await answer.json()).toEqual({
    status: 'no answer from: database',
    database: { status: 'no answer', milliseconds: expect.any(Number) },
    queue: WELL,
    storage: WELL,
  })
  expect([(await ask('/readyz')).status, (await ask('/livez')).status]).toEqual([503, 200])
  listening.closeAllConnections()
  listening.close()
  await database.$disconnect()
})
