import { availableParallelism } from 'node:os'
import type { Cohort } from '../../contract/cohort.ts'
import { MOST_THREADS, ThreadsPerOperation } from '../../contract/training.ts'

/** Withheld from training processes, which only read files and talk to their parent. */
const WITHHELD = /^(DATABASE_URL|REDIS_URL|AUTH_SECRET|AWS_.*)$/

/** Derives a training process's environment from its parent's. */
export function trainingEnvironment(parent: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(parent).filter(([name]) => !WITHHELD.test(name))
  return {
    ...Object.fromEntries(kept),
    // Silences TensorFlow's messages below the level of errors.
    TF_CPP_MIN_LOG_LEVEL: parent.TF_CPP_MIN_LOG_LEVEL ?? '2',
    // Several trainings can share a GPU only if none of them allocates all of its memory up front.
    TF_FORCE_GPU_ALLOW_GROWTH: parent.TF_FORCE_GPU_ALLOW_GROWTH ?? 'true',
  }
}

/**
 * Threads per operation on this machine: from the environment, or else half of the cores if students of one
 * architecture train side by side. Nearly always two operations are ready then, and they wait less for each
 * other than if each took all cores. A student that trains alone, or beside a much smaller one, would leave
 * the other half idle, so it gets all cores.
 */
export function chooseThreads(
  { students, teaching }: Cohort,
  { TF_NUM_INTRAOP_THREADS }: NodeJS.ProcessEnv,
): number {
  const given = ThreadsPerOperation.safeParse(Number(TF_NUM_INTRAOP_THREADS))
  if (given.success) return given.data
  const architectures = new Set(students.map(({ architecture }) => architecture))
  const isSideBySide = students.length > 1 && architectures.size === 1 && teaching.method !== 'DISTILLATION'
  const cores = Math.min(availableParallelism(), MOST_THREADS)
  return isSideBySide ? Math.max(1, Math.floor(cores / 2)) : cores
}

export function withThreads(
  environment: NodeJS.ProcessEnv,
  threadsPerOperation: number | undefined,
): NodeJS.ProcessEnv {
  if (threadsPerOperation === undefined) return environment
  return { ...environment, TF_NUM_INTRAOP_THREADS: String(threadsPerOperation) }
}
