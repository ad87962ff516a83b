import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Logger } from '../logging/open-log.ts'
import type { Database } from '../prisma/client.ts'
import { takeOverDrain } from '../runs/drains.ts'
import type { WorkerConfig } from './config.ts'
import type { CardUsageSampler } from './devices/card-usage.ts'
import type { Device } from './devices/find-device.ts'
import { ENGINE_VERSION } from './engine/version.ts'
import { MachineLoadSampler } from './machine-load.ts'

const HEARTBEAT_MS = 5_000
/** Rows of dead workers stay visible for this long. */
const REMOVE_AFTER_HOURS = 24

/** A worker's own row, with a heartbeat every few seconds. All times are the database's. */
export class Registration {
  readonly #id = randomUUID()
  readonly #database: Database
  readonly #log: Logger
  readonly #cards: CardUsageSampler | undefined
  readonly #machine = new MachineLoadSampler()
  #timer: NodeJS.Timeout | undefined
  #lastBeat: Promise<void> = Promise.resolve()

  /** @param cards of a worker that trains on graphics cards */
  constructor(database: Database, log: Logger, cards?: CardUsageSampler) {
    this.#database = database
    this.#log = log
    this.#cards = cards
  }

  /** Writes the row and starts the heartbeat. Replaces a row left by a dead process of the same name. */
  async open(config: WorkerConfig, device: Device, engineBuild: string): Promise<void> {
    const data = {
      name: config.name,
      host: hostname(),
      pid: process.pid,
      device: device.kind,
      deviceName: device.name,
      deviceMemoryBytes: device.memoryBytes,
      deviceSoftware: device.software,
      capacity: device.slots.length,
      labels: config.labels,
      engineVersion: ENGINE_VERSION,
      engineBuild,
    }
    const before = await this.#database.$transaction((tx) => takeOverDrain(tx, data, isAlive))
    if (before)
      this.#log.warn({ before }, 'drained, as the worker before it: it takes nothing until it is resumed')
    await this.#database.$transaction([
      this.#database.worker.deleteMany({ where: { name: config.name } }),
      this.#database.worker.create({ data: { ...data, id: this.#id } }),
      this.#database.$executeRaw`
        UPDATE "Worker" SET "startedAt" = now(), "heartbeatAt" = now()
        WHERE id = ${this.#id}`,
      this.#database.$executeRaw`
        DELETE FROM "Worker"
        WHERE "heartbeatAt" < now() - make_interval(hours => ${REMOVE_AFTER_HOURS})`,
    ])
    this.#timer = setInterval(() => this.#beat(), HEARTBEAT_MS)
  }

  /** Marks the worker as taking no more work. */
  async drain(): Promise<void> {
    await this.#database.worker
      .updateMany({ where: { id: this.#id }, data: { draining: true } })
      .catch((error) => this.#log.warn({ err: error }, 'could not mark the worker as draining'))
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#lastBeat
    await this.#database.worker.deleteMany({ where: { id: this.#id } }).catch(() => {})
  }

  #beat(): void {
    const { memoryUsedBytes, memoryBytes, cpuLoad } = this.#machine.sample()
    const cards = this.#cards?.sample()
    this.#lastBeat = this.#database.$executeRaw`
      UPDATE "Worker" SET "heartbeatAt" = now(), "memoryUsedBytes" = ${memoryUsedBytes},
        "memoryBytes" = ${memoryBytes}, "cpuLoad" = ${cpuLoad},
        "deviceMemoryUsedBytes" = ${cards?.memoryUsedBytes ?? null}, "deviceLoad" = ${cards?.utilization ?? null}
      WHERE id = ${this.#id}`.then(
      () => {},
      (error) => this.#log.warn({ err: error }, 'a heartbeat of the worker could not be written'),
    )
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // Of another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
