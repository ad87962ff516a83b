import type { TrainingEvent } from '../../contract/training.ts'

/** The run was asked to stop. */
export class Stopped extends Error {}

/** A loss became NaN or infinite. */
export class NotFinite extends Error {}

/** Converts a failure to the event that ends a run. */
export function describeFailure(error: unknown): TrainingEvent {
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof NotFinite) return { type: 'failed', code: 'NOT_FINITE', message }
  if (/\b(ENOSPC|EDQUOT|EFBIG)\b/.test(message)) return { type: 'failed', code: 'DISK_FULL', message }
  if (isOutOfMemory(message)) {
    const advice =
      'Memory ran out. Choose a smaller batch, fewer or smaller students, or a machine with more memory.'
    return { type: 'failed', code: 'OUT_OF_MEMORY', message: `${advice} (${message})` }
  }
  return { type: 'failed', code: 'ENGINE_ERROR', message }
}

/** TensorFlow reports RESOURCE_EXHAUSTED or a text that starts with OOM; the others come from V8 and C++. */
export function isOutOfMemory(message: string): boolean {
  return /\bOOM\b|resource.?exhausted|out of memory|bad_alloc|array buffer allocation failed/i.test(message)
}
