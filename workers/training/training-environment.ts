import { availableParallelism } from 'node:os'
import type { Cohort } from '../../contract/cohort.ts'

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
 * Limits each operation to half of the cores if students of one architecture train side by side: nearly
 * always two operations are ready then, and they wait less for each other than if each took all cores. A
 * student that trains alone, or beside a much smaller one, would leave the other half idle.
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
