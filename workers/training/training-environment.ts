import { availableParallelism } from 'node:os'
import type { Cohort } from '../../contract/cohort.ts'

/** A training process needs no door to anything: it reads files and talks to its parent. */
const WITHHELD = /^(DATABASE_URL|REDIS_URL|AUTH_SECRET|AWS_.*)$/

/** The environment of a training process, made from its parent's. */
export function trainingEnvironment(parent: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(parent).filter(([name]) => !WITHHELD.test(name))
  return {
    ...Object.fromEntries(kept),
    // Only warnings and errors of TensorFlow's own.
    TF_CPP_MIN_LOG_LEVEL: parent.TF_CPP_MIN_LOG_LEVEL ?? '2',
    // Several trainings share a GPU only if none of them takes all of its memory at once.
    TF_FORCE_GPU_ALLOW_GROWTH: parent.TF_FORCE_GPU_ALLOW_GROWTH ?? 'true',
  }
}

/**
 * Gives each operation half of the cores where students of one architecture learn side by side: then two operations are
 * ready at nearly all times, and wait less for one another than when each takes all cores. A student that learns alone, or
 * beside a much smaller one, would leave the other half idle.
 */
export function withThreadsFor(
  { students, teaching }: Cohort,
  environment: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  const architectures = new Set(students.map(({ architecture }) => architecture))
  if (students.length < 2 || architectures.size > 1 || teaching.method === 'DISTILLATION') return environment
  const half = Math.max(1, Math.floor(availableParallelism() / 2))
  return { TF_NUM_INTRAOP_THREADS: String(half), ...environment }
}
