import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { answers } from '../setup/running-instance.mjs'
import { home } from '../setup/settings.mjs'
import { formatLine } from './format-line.ts'
import type { Supervised } from './supervise.ts'

const READY_TIMEOUT_MS = 120_000
const POLL_MS = 150
/** A process that exits this often before the product is ready will not recover by itself. */
const FAILURES_TO_GIVE_UP = 3

/** Resolves when every URL responds. Throws, with its last lines, if a process does not become ready. */
export async function waitUntilReady(children: Supervised[], addresses: string[]): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS
  const pending = new Set(addresses)
  for (;;) {
    for (const address of pending) if (await answers(address)) pending.delete(address)
    if (pending.size === 0) return
    const failed = children.find((child) => child.failures() >= FAILURES_TO_GIVE_UP)
    if (failed)
      throw new Error(describeFailure(`The ${failed.name} does not come up; the last it said:`, failed))
    if (performance.now() > deadline)
      throw new Error(
        `${[...pending].join(' and ')} did not answer within two minutes; see ${path.join(home, 'logs')}.`,
      )
    await sleep(POLL_MS)
  }
}

function describeFailure(what: string, child: Supervised): string {
  return [what, ...child.tail().map((line) => `  ${formatLine(child.name, line)}`)].join('\n')
}
