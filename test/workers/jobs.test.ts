import { expect, it } from 'vitest'
import { JOBS } from '../../storage/jobs/index.ts'
import { jobsOn } from '../../workers/jobs/index.ts'

it('takes every job that can be enqueued, on some kind of device, and has a handler for it', async () => {
  const taken = [...jobsOn('CPU', 1), ...jobsOn('GPU', 1)]
  const names = taken.map(({ definition }) => definition.name)
  expect([...new Set(names)].sort()).toEqual(JOBS.map(({ name }) => name).sort())
  for (const { load } of taken) expect(await load()).toBeTypeOf('function')
})
