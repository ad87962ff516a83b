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

/** In place of what was measured of the same file with the same backend. */
export function keepMeasured(measured: MeasuredTime): void {
  const others = allTimes().filter(
    ({ sha256, backend }) => sha256 !== measured.sha256 || backend !== measured.backend,
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
  const read = ({ key }: StorageEvent) => {
    if (key !== KEY) return
    known = null
    tell()
  }
  listeners.add(tell)
  window.addEventListener('storage', read)
  return () => {
    listeners.delete(tell)
    window.removeEventListener('storage', read)
  }
}

function allTimes(): readonly MeasuredTime[] {
  known ??= readStored()
  return known
}

function readStored(): readonly MeasuredTime[] {
  try {
    const parsed = z.array(MeasuredTime).safeParse(JSON.parse(localStorage.getItem(KEY) ?? '[]'))
    return parsed.success ? parsed.data : NONE
  } catch {
    return NONE
  }
}
