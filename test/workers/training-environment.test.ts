import { availableParallelism } from 'node:os'
import { expect, it } from 'vitest'
import { Cohort } from '../../contract/cohort.ts'
import { withThreadsFor } from '../../workers/training/training-environment.ts'

function cohortOf(architectures: string[], method = 'MUTUAL'): Cohort {
  const students = architectures.map((architecture, i) => ({ name: `student-${i}`, architecture }))
  return Cohort.parse({ students, teaching: { method } })
}

const equals = cohortOf(['resnet-8', 'resnet-8'])

it('gives each operation half of the cores where equal students learn side by side', () => {
  const half = String(Math.max(1, Math.floor(availableParallelism() / 2)))
  expect(withThreadsFor(equals, {}).TF_NUM_INTRAOP_THREADS).toBe(half)
})

it('leaves all cores to each operation where one student has much more to do', () => {
  expect(withThreadsFor(cohortOf(['wrn-10-2', 'resnet-8']), {})).toEqual({})
})

it('leaves a choice of one’s own alone', () => {
  expect(withThreadsFor(equals, { TF_NUM_INTRAOP_THREADS: '3' }).TF_NUM_INTRAOP_THREADS).toBe('3')
})
