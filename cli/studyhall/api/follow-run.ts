import { setTimeout as wait } from 'node:timers/promises'
import { type ApiClient, ConnectionLost } from './client.ts'
import { RunByIdDocument, RunEventsDocument, type RunEventsSubscription } from './generated/operations.ts'

export type RunEvent = RunEventsSubscription['runEvents']

const ENDED = ['SUCCEEDED', 'FAILED', 'CANCELED']

export function hasEnded(status: string): boolean {
  return ENDED.includes(status)
}

interface FollowOptions {
  afterSeq?: number
  signal?: AbortSignal
  /** Called before each new attempt, with how long it waits. */
  onLost?: (waitMs: number) => void
  firstWaitMs?: number
}

/** A server may be away for as long as a rolling upgrade takes: in all some ten minutes. */
const MOST_ATTEMPTS = 40
const LONGEST_WAIT_MS = 15_000

/**
 * Every event of a run after `afterSeq`, each once and in order, until the run has ended. A broken connection is opened
 * again and goes on after the last event seen.
 */
export async function* followRun(
  api: ApiClient,
  runId: string,
  { afterSeq = 0, signal, onLost, firstWaitMs = 250 }: FollowOptions = {},
): AsyncGenerator<RunEvent> {
  let seq = afterSeq
  let failures = 0
  for (;;) {
    try {
      for await (const { runEvents: event } of api.listen(RunEventsDocument, { runId, afterSeq: seq })) {
        signal?.throwIfAborted()
        if (event.seq <= seq) continue
        seq = event.seq
        failures = 0
        yield event
      }
      // Also a server that is shut down completes its subscriptions.
      if (await hasRunEnded(api, runId, seq)) return
    } catch (error) {
      if (!(error instanceof ConnectionLost) || failures === MOST_ATTEMPTS) throw error
    }
    const waitMs = Math.min(firstWaitMs * 2 ** failures++, LONGEST_WAIT_MS)
    onLost?.(waitMs)
    await wait(waitMs, undefined, { signal })
  }
}

async function hasRunEnded(api: ApiClient, runId: string, seq: number): Promise<boolean> {
  const { node } = await api.ask(RunByIdDocument, { id: runId })
  return node?.__typename !== 'Run' || (hasEnded(node.status) && node.lastSeq <= seq)
}
