import { expect, it } from 'vitest'
import { executionOn, pairedEnvironment } from '../../cli/experiment/execution.ts'
import { cohortOf } from './records.ts'

const trialOf = (architectures: string[]) => ({ cohort: cohortOf(architectures, 'INDEPENDENT') }) as never
const trials = [trialOf(['resnet-8']), trialOf(['resnet-8', 'resnet-8'])]

it('every trial gets the threads that the experiment names', () => {
  expect(executionOn({ threadsPerOperation: 7, trials }, {}).threadsPerOperation).toBe(7)
})

it('or else one number for all, whatever each cohort would get by itself', () => {
  const [single, both] = [trials.slice(0, 1), trials].map((some) =>
    executionOn({ threadsPerOperation: undefined, trials: some }, {}),
  )
  const pair = executionOn({ threadsPerOperation: undefined, trials: trials.slice(1) }, {})
  expect(both!.threadsPerOperation).toBe(pair.threadsPerOperation)
  expect(single!.threadsPerOperation).toBeGreaterThanOrEqual(pair.threadsPerOperation)
})

it('what changes a result is recorded, and nothing else of the environment', () => {
  const environment = pairedEnvironment({
    TF_ENABLE_ONEDNN_OPTS: '0',
    TF_CLI_CONFIG_FILE: '/home/ada/.terraformrc',
    TF_NUM_INTRAOP_THREADS: '4',
    HOME: '/home/ada',
  })
  expect(executionOn({ threadsPerOperation: undefined, trials }, environment)).toMatchObject({
    threadsPerOperation: 4,
    settings: { TF_CUDNN_DETERMINISTIC: '1', TF_DETERMINISTIC_OPS: '1', TF_ENABLE_ONEDNN_OPTS: '0' },
  })
  expect(JSON.stringify(executionOn({ threadsPerOperation: 1, trials }, environment))).not.toContain('ada')
})
