import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLog } from '../../logging/open-log.ts'
import { Prisma } from '../../prisma/client.ts'
import { ListenClient } from '../../runs/listen.ts'
import {
  type Notification,
  notifyDatasetVersion,
  notifyRunControl,
  notifyRunEventSql,
  readNotification,
} from '../../runs/notifications.ts'
import { createTestDatabase, type TestDatabase } from '../database.ts'
import { waitUntil } from '../workers/wait-until.ts'

let db: TestDatabase
let heard: Notification[] = []
let times = 0
let listener: ListenClient<'runEvent' | 'runControl' | 'datasetVersion'>

beforeAll(async () => {
  db = await createTestDatabase()
  listener = await ListenClient.open({
    databaseUrl: db.url,
    kinds: ['runEvent', 'runControl', 'datasetVersion'],
    onNotification: (notification) => heard.push(notification),
    onListening: () => times++,
    log: openLog('worker', 'silent'),
  })
})
afterAll(async () => {
  await listener?.close()
  await db?.drop()
})

const notifyRunEvent = (runId: string, seq: number) =>
  db.database.$executeRaw`
    SELECT ${notifyRunEventSql(Prisma.sql`id`, Prisma.sql`seq`)}
    FROM (VALUES (${runId}::text, ${seq}::int)) AS event (id, seq)`

async function hear(count: number): Promise<Notification[]> {
  await waitUntil('everything is heard', async () => heard.length >= count)
  const all = heard
  heard = []
  return all
}

describe('what is notified', () => {
  it('is heard as it was meant, of every kind and in order', async () => {
    const runId = 'run_01hzx'
    await notifyRunEvent(runId, 2_147_483_647)
    await notifyRunControl(db.database, runId)
    await notifyDatasetVersion(db.database, 'dsv_01hzx')
    expect(await hear(3)).toEqual([
      { kind: 'runEvent', runId, seq: 2_147_483_647 },
      { kind: 'runControl', runId },
      { kind: 'datasetVersion', datasetVersionId: 'dsv_01hzx' },
    ])
  })

  it('is heard again after the connection was lost, and whoever listens is told to look at the rows', async () => {
    const before = times
    await db.database.$executeRaw`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'studyhall-listen'`
    await waitUntil('it listens again', async () => times > before)
    await notifyRunEvent('run_02', 1)
    expect(await hear(1)).toEqual([{ kind: 'runEvent', runId: 'run_02', seq: 1 }])
  })

  it.each([
    ['run_events', ''],
    ['run_events', 'run_01'],
    ['run_events', 'run_01|x'],
    ['run_control', ''],
    ['dataset_versions', ''],
    ['somebody_else', 'run_01|1'],
  ])('on the channel %s as “%s” is passed over, since it is none of ours', (channel, payload) => {
    expect(readNotification(channel, payload)).toBeNull()
  })
})
