import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** Of all cards of a worker together. */
export interface CardUsage {
  memoryUsedBytes: number
  /** Share of the time in which a card computed, averaged over the cards, 0 to 1. */
  utilization: number
}

const EVERY_SECONDS = 5
const MIB = 2 ** 20

/** One nvidia-smi process, which reports the cards' use every five seconds. */
export class CardUsageSampler {
  readonly #child: ChildProcess
  readonly #latest = new Map<string, CardUsage>()

  constructor(uuids: readonly string[], command = 'nvidia-smi') {
    this.#child = spawn(
      command,
      [
        `--id=${uuids.join(',')}`,
        '--query-gpu=uuid,memory.used,utilization.gpu',
        '--format=csv,noheader,nounits',
        `--loop=${EVERY_SECONDS}`,
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    )
    // Without reports the use is unknown, which is no reason not to train.
    this.#child.on('error', () => this.#latest.clear())
    this.#child.on('close', () => this.#latest.clear())
    if (this.#child.stdout)
      createInterface({ input: this.#child.stdout }).on('line', (line) => this.#take(line))
  }

  /** Null until the first report, and once there are none any more. */
  sample(): CardUsage | null {
    const all = [...this.#latest.values()]
    if (all.length === 0) return null
    return {
      memoryUsedBytes: all.reduce((sum, { memoryUsedBytes }) => sum + memoryUsedBytes, 0),
      utilization: all.reduce((sum, { utilization }) => sum + utilization, 0) / all.length,
    }
  }

  /** Of the card with that UUID alone. */
  sampleCard(uuid: string): CardUsage | null {
    return this.#latest.get(uuid) ?? null
  }

  close(): void {
    this.#child.kill()
  }

  #take(line: string): void {
    const match = /^\s*(GPU-[\w-]+),\s*(\d+),\s*(\d+)\s*$/.exec(line)
    if (!match) return
    const [, uuid = '', mebibytes, percent] = match
    this.#latest.set(uuid, {
      memoryUsedBytes: Number(mebibytes) * MIB,
      utilization: Number(percent) / 100,
    })
  }
}
