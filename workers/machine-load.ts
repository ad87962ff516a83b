import { cpus, freemem, totalmem } from 'node:os'

/** What a machine is at, all of its processes together. */
export interface MachineLoad {
  memoryUsedBytes: number
  memoryBytes: number
  /** Part of all cores' time that was worked since the last look, 0 to 1. */
  cpuLoad: number
}

/** Looks at the machine; each look tells of the time since the one before. */
export class MachineWatch {
  #before = readTimes()

  look(): MachineLoad {
    const now = readTimes()
    const all = now.all - this.#before.all
    const cpuLoad = all > 0 ? 1 - (now.idle - this.#before.idle) / all : 0
    this.#before = now
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
