import { cpus, freemem, totalmem } from 'node:os'

/** Memory and CPU use of the whole machine. */
export interface MachineLoad {
  memoryUsedBytes: number
  memoryBytes: number
  /** Busy share of all cores since the previous sample, 0 to 1. */
  cpuLoad: number
}

/** Samples the machine's load; CPU load covers the time since the previous sample. */
export class MachineLoadSampler {
  #previous = readTimes()

  sample(): MachineLoad {
    const now = readTimes()
    const all = now.all - this.#previous.all
    const cpuLoad = all > 0 ? 1 - (now.idle - this.#previous.idle) / all : 0
    this.#previous = now
    const memoryBytes = totalmem()
    return {
      memoryUsedBytes: memoryBytes - freemem(),
      memoryBytes,
      cpuLoad: Math.min(1, Math.max(0, cpuLoad)),
    }
  }
}

function readTimes(): { idle: number; all: number } {
  const times = cpus().map((cpu) => cpu.times)
  const sum = (pick: (of: (typeof times)[number]) => number) =>
    times.reduce((total, each) => total + pick(each), 0)
  return {
    idle: sum(({ idle }) => idle),
    all: sum(({ user, nice, sys, idle, irq }) => user + nice + sys + idle + irq),
  }
}
