import { availableParallelism } from 'node:os'

/** A training process needs no door to anything: it reads files and talks to its parent. */
const WITHHELD = ['DATABASE_URL', 'REDIS_URL', 'AUTH_SECRET']

/** The environment of a training process, made from its parent's. */
export function trainingEnvironment(parent: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(parent).filter(([name]) => !WITHHELD.includes(name))
  return {
    ...Object.fromEntries(kept),
    // Only warnings and errors of TensorFlow's own.
    TF_CPP_MIN_LOG_LEVEL: parent.TF_CPP_MIN_LOG_LEVEL ?? '2',
    // Several trainings share a GPU only if none of them takes all of its memory at once.
    TF_FORCE_GPU_ALLOW_GROWTH: parent.TF_FORCE_GPU_ALLOW_GROWTH ?? 'true',
    // A step has two operations ready at nearly all times, the gradients of a convolution's kernel and of its input or
    // those of two students, so half of the cores for each wait less for one another than all of them for both.
    TF_NUM_INTRAOP_THREADS:
      parent.TF_NUM_INTRAOP_THREADS ?? String(Math.max(1, Math.floor(availableParallelism() / 2))),
  }
}
