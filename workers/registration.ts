import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Logger } from '../logging/open-log.ts'
import type { Database } from '../prisma/client.ts'
import type { WorkerConfig } from './config.ts'
import type { Device } from './devices/find-device.ts'
import { ENGINE_VERSION } from './engine/version.ts'
import { MachineWatch } from './machine-load.ts'

const BEAT_MS = 5_000
/** Rows of workers that died are kept so long for people to see. */
const FORGET_AFTER_HOURS = 24

/** A worker's own row: who it is, and every few seconds that it lives. All times are the database's. */
export class Registration {
  readonly #id = randomUUID()
  readonly #database: Database
  readonly #log: Logger
  readonly #machine = new MachineWatch()
  #timer: NodeJS.Timeout | undefined
  #beating: Promise<void> = Promise.resolve()

  constructor(database: Database, log: Logger) {
    this.#database = database
    this.#log = log
  }

  /** Writes the row and goes on to tell that the worker lives. A row that a dead process of the same name left is replaced. */
  async open(config: WorkerConfig, device: Device, engineBuild: string): Promise<void> {
    const data = {
      name: config.name,
      host: hostname(),
      pid: process.pid,
      device: device.kind,
      deviceName: device.name,
      deviceMemoryBytes: device.memoryBytes,
      capacity: device.slots.length,
      labels: config.labels,
      engineVersion: ENGINE_VERSION,
      engineBuild,
    }
    await this.#database.$transaction([
      this.#database.worker.deleteMany({ where: { name: config.name } }),
      this.#database.worker.create({ data: { ...data, id: this.#id } }),
      this.#database.$executeRaw`
        UPDATE "Worker" SET "startedAt" = now(), "heartbeatAt" = now()
        WHERE id = ${this.#id}`,
      this.#database.$executeRaw`
        DELETE FROM "Worker"
        WHERE "heartbeatAt" < now() - make_interval(hours => ${FORGET_AFTER_HOURS})`,
    ])
    this.#timer = setInterval(() => this.#beat(), BEAT_MS)
  }

  /** Tells that it takes nothing more. */
  async drain(): Promise<void> {
    await this.#database.worker
      .updateMany({ where: { id: this.#id }, data: { draining: true } })
      .catch((error) => this.#log.warn({ err: error }, 'could not tell that the worker ends'))
  }

  /** Removes the row. */
  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#beating
    await this.#database.worker.deleteMany({ where: { id: this.#id } }).catch(() => {})
  }

  #beat(): void {
    const { memoryUsedBytes, memoryBytes, cpuLoad } = this.#machine.look()
    this.#beating = this.#database.$executeRaw`
      UPDATE "Worker" SET "heartbeatAt" = now(), "memoryUsedBytes" = ${memoryUsedBytes},
        "memoryBytes" = ${memoryBytes}, "cpuLoad" = ${cpuLoad}
      WHERE id = ${this.#id}`.then(
      () => {},
      (error) => this.#log.warn({ err: error }, 'a heartbeat of the worker was not heard'),
    )
  }
}
