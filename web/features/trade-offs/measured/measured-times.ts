import { useSyncExternalStore } from 'react'
import * as z from '../../../forms/zod.ts'
import { BACKEND_WORDS, type Backend } from '../../try/networks/load-tensorflow.ts'

const KEY = 'studyhall.measured-times'
const MAX_KEPT = 500

const BACKENDS = Object.keys(BACKEND_WORDS) as [Backend, ...Backend[]]

const MeasuredTime = z.object({
  /** Of the TF.js file that was run. */
  sha256: z.string(),
  backend: z.enum(BACKENDS),
  modelId: z.string(),
  medianMs: z.number().positive(),
  runs: z.number().int().positive(),
  at: z.string(),
})

/** How long a model took for one image, in this browser on this machine. */
export type MeasuredTime = z.infer<typeof MeasuredTime>

const NONE: readonly MeasuredTime[] = []
const listeners = new Set<() => void>()
let known: readonly MeasuredTime[] | null = null

/** What was measured in this browser, the newest last. It is kept here alone: no server is told. */
export function useMeasuredTimes(): readonly MeasuredTime[] {
  return useSyncExternalStore(listen, allTimes, () => NONE)
}

/** In place of what was measured of the same model with the same backend. A run and its repetition have the same files. */
export function keepMeasured(measured: MeasuredTime): void {
  const others = allTimes().filter(
    ({ modelId, backend }) => modelId !== measured.modelId || backend !== measured.backend,
  )
  put([...others, measured].slice(-MAX_KEPT))
}

function put(times: readonly MeasuredTime[]): void {
  known = times
  try {
    localStorage.setItem(KEY, JSON.stringify(times))
  } catch {
    // Without storage (a private window) they last as long as the page.
  }
  for (const tell of listeners) tell()
}

function listen(tell: () => void): () => void {
  listeners.add(tell)
  // For good: what another tab keeps while no chart is shown here would be written over by the next time.
  window.addEventListener('storage', readAgain)
  return () => {
    listeners.delete(tell)
  }
}

function readAgain({ key }: StorageEvent): void {
  if (key !== KEY && key !== null) return
  known = null
  for (const tell of listeners) tell()
}

function allTimes(): readonly MeasuredTime[] {
  known ??= readStored()
  return known
}

function readStored(): readonly MeasuredTime[] {
  try {
    const stored = z.array(z.unknown()).parse(JSON.parse(localStorage.getItem(KEY) ?? '[]'))
    // One that is not as expected takes no others with it.
    return stored.flatMap((one) => MeasuredTime.safeParse(one).data ?? [])
  } catch {
    return NONE
  }
}
