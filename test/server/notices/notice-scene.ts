import { expect } from 'vitest'
import { newId } from '../../../contract/ids.ts'
import type { Transaction } from '../../../prisma/client.ts'
import { type LockedRun, lockRun } from '../../../runs/locked-run.ts'
import { EVALUATION, insertCohort, insertRun, insertVersion, moveRun } from '../rows.ts'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'

export const FAILURE = { code: 'NOT_FINITE', message: 'The loss of <b>ada</b> is not finite.' } as const
export const OUTCOME = {
  evaluation: EVALUATION,
  retrievalQueriesSha256: null,
  labelSuspectsSha256: null,
  testAnswersSha256: null,
}
export const NOTICES =
  '{ viewer { unreadNotices notices { nodes { id kind title detail path inBrowser readAt } } } }'

export interface NoticeScene {
  server: TestServer
  /** Owner of the team, and one of its members. */
  ada: Person
  grace: Person
  join(person: Person): Promise<void>
  bell(person: Person): Promise<{ unread: number; notices: { id: string; title: string }[] }>
  titles(person: Person): Promise<string[]>
  /** Every event is dispatched. */
  settle(): Promise<void>
  /** A run of Ada's that a worker trains. */
  startRun(experimentId?: string): Promise<{ id: string; number: number }>
  /** A transition of a run, as a worker makes it. */
  change(id: string, work: (tx: Transaction, run: LockedRun) => Promise<void>): Promise<void>
}

export async function openNoticeScene(
  overrides: Parameters<typeof startTestServer>[0] = {},
): Promise<NoticeScene> {
  const server = await startTestServer(overrides)
  const { database } = server
  const ada = await server.signUp('Ada')
  const grace = await server.signUp('Grace')
  const scene: NoticeScene = {
    server,
    ada,
    grace,
    async join({ userId }) {
      const member = { id: newId('Member'), teamId: ada.teamId, userId, role: 'MEMBER' } as const
      await database.member.create({ data: member })
    },
    async bell({ api }) {
      const { viewer } = await api.ask(NOTICES)
      return { unread: viewer.unreadNotices, notices: viewer.notices.nodes }
    },
    titles: async (person) => (await scene.bell(person)).notices.map(({ title }) => title),
    settle: () => settle(server),
    async startRun(experimentId) {
      const { versionId } = await insertVersion(database, ada)
      const { cohortId } = await insertCohort(database, ada)
      const id = await insertRun(database, ada, { cohortId, versionId })
      if (experimentId) await database.run.update({ where: { id }, data: { experimentId } })
      await moveRun(database, id, ['STARTING', 'RUNNING'])
      const { number } = await database.run.findUniqueOrThrow({ where: { id } })
      return { id, number }
    },
    change: (id, work) => database.$transaction(async (tx) => work(tx, await lockRun(tx, id))),
  }
  await scene.join(grace)
  return scene
}

async function settle({ database }: TestServer): Promise<void> {
  await expect.poll(() => database.teamEvent.count({ where: { dispatchedAt: null } })).toBe(0)
}
