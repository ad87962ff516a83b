import { randomUUID } from 'node:crypto'
import type { Prisma } from '../../prisma/client.ts'
import { insertCohort, insertRun, insertVersion, moveRun } from './rows.ts'
import type { Person, TestServer } from './test-server.ts'

/** Workers and what they hold, as rows. */
export function workerRows(server: () => TestServer) {
  return {
    async addWorker(name: string, wish: Partial<Prisma.WorkerCreateInput> = {}): Promise<void> {
      const { database } = server()
      const data = { id: randomUUID(), name, host: name.split(':')[0]!, pid: 1, device: 'CPU' as const }
      const device = { deviceName: 'A processor', capacity: 1, engineVersion: '2', engineBuild: 'build-1' }
      await database.worker.create({ data: { ...data, ...device, ...wish } })
      await database.$executeRaw`
        UPDATE "Worker" SET "heartbeatAt" = now() - interval '2 seconds' WHERE name = ${name}`
    },

    /** Of a worker's name one that it holds; without one a run that waits. */
    async addRun(person: Person, workerName?: string): Promise<string> {
      const { database } = server()
      const parts = {
        ...(await insertCohort(database, person)),
        ...(await insertVersion(database, person)),
      }
      const id = await insertRun(database, person, parts)
      if (workerName === undefined) return id
      await moveRun(database, id, ['STARTING', 'RUNNING'])
      await database.run.update({ where: { id }, data: { workerName } })
      return id
    },
  }
}
