import { availableParallelism, cpus } from 'node:os'
import { DETERMINISTIC, type Execution } from '../../experiments/record.ts'
import { ENGINE_VERSION } from '../../workers/engine/version.ts'
import { chooseThreads, trainingEnvironment } from '../../workers/training/training-environment.ts'
import type { Experiment } from './read-experiment.ts'

/** TensorFlow's own only: Terraform's variables begin with TF_, too, and name what is no business of a result. */
const SETTINGS =
  /^(TF_(CUDNN|DETERMINISTIC|DISABLE|ENABLE|GPU|NUM|ONEDNN|USE|XLA)_|XLA_FLAGS$|ONEDNN_|DNNL_|OMP_|MKL_|CUDA_VISIBLE_DEVICES$|STUDYHALL_DEVICE$)/

/** A training process's environment, in which every trial is deterministic. */
export function pairedEnvironment(parent: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...DETERMINISTIC, ...trainingEnvironment(parent) }
}

/** Threads are the experiment's own choice, or the fewest that this machine would choose for one of its cohorts. */
export function executionOn(
  { threadsPerOperation, trials }: Pick<Experiment, 'threadsPerOperation' | 'trials'>,
  environment: NodeJS.ProcessEnv,
): Execution {
  const settings = Object.entries(environment)
    .filter(([name]) => SETTINGS.test(name) && name !== 'TF_NUM_INTRAOP_THREADS')
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    engineVersion: ENGINE_VERSION,
    threadsPerOperation:
      threadsPerOperation ?? Math.min(...trials.map(({ cohort }) => chooseThreads(cohort, environment))),
    processor: cpus()[0]?.model.trim() || 'unknown processor',
    cores: availableParallelism(),
    settings: Object.fromEntries(settings) as Record<string, string>,
  }
}
