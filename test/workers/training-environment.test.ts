import { availableParallelism } from 'node:os'
import { expect, it } from 'vitest'
import { Cohort } from '../../contract/cohort.ts'
import { chooseThreads, withThreads } from '../../workers/training/training-environment.ts'

function cohortOf(architectures: string[], method = 'MUTUAL'): Cohort {
  const students = architectures.map((architecture, i) => ({ name: `student-${i}`, architecture }))
  return Cohort.parse({ students, teaching: { method } })
}

const equals = cohortOf(['resnet-8', 'resnet-8'])

it('gives each operation half of the cores where equal students learn side by side', () => {
  expect(chooseThreads(equals, {})).toBe(Math.max(1, Math.floor(availableParallelism() / 2)))
})

it('gives all cores to each operation where one student has much more to do', () => {
  expect(chooseThreads(cohortOf(['wrn-10-2', 'resnet-8']), {})).toBe(availableParallelism())
})

it('takes what the environment says, and the cores where that is no number of threads', () => {
  expect(chooseThreads(equals, { TF_NUM_INTRAOP_THREADS: '3' })).toBe(3)
  expect(chooseThreads(equals, { TF_NUM_INTRAOP_THREADS: 'many' })).toBe(chooseThreads(equals, {}))
})

it('lets what is recorded of a run come before what the environment says', () => {
  expect(withThreads({ TF_NUM_INTRAOP_THREADS: '3' }, 5).TF_NUM_INTRAOP_THREADS).toBe('5')
  expect(withThreads({ TF_NUM_INTRAOP_THREADS: '3' }, undefined).TF_NUM_INTRAOP_THREADS).toBe('3')
})
