import type { ApiClient } from '../../cli/studyhall/api/client.ts'

interface RunEvent {
  status?: string
  phase?: string | null
  failure?: { message: string } | null
  progress?: { epoch: number; epochs: number }
}

/**
 * Comes back when the run is what it is to become: RUNNING once it trains. Throws where it ends otherwise.
 * @param lastSeq  of the run: what happened before is not looked at
 */
export async function waitForRun(
  api: ApiClient,
  { id, number, lastSeq }: { id: string; number: number; lastSeq: number },
  becomes: string,
  tell: (message: string) => void,
): Promise<void> {
  const events = api.listen<{ runEvents: RunEvent }>(
    `subscription ($runId: ID!, $afterSeq: Int) { runEvents(runId: $runId, afterSeq: $afterSeq) {
      ... on RunStatusChanged { status phase failure { message } }
      ... on MetricsRecorded { progress { epoch epochs } } } }`,
    { runId: id, afterSeq: lastSeq },
  )
  let ended = ''
  for await (const { runEvents: event } of events) {
    if (event.progress) tell(`run ${number}: epoch ${event.progress.epoch} of ${event.progress.epochs}`)
    if (!event.status) continue
    const isThere = becomes === 'RUNNING' ? event.phase === 'TRAINING' : event.status === becomes
    if (isThere) return
    tell(`run ${number}: ${(event.phase ?? event.status).toLowerCase()}`)
    ended = event.failure?.message ?? event.status
  }
  throw new Error(`Run ${number} was to become ${becomes}, and ended otherwise: ${ended}`)
}
