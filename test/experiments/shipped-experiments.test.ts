import { readdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readExperiment } from '../../cli/experiment/read-experiment.ts'

const ROOT = fileURLToPath(new URL('../../experiments/', import.meta.url))
const files = ['.', 'paper'].flatMap((folder) =>
  readdirSync(path.join(ROOT, folder))
    .filter((name) => name.endsWith('.json'))
    .map((name) => path.join(folder, name)),
)

describe('an experiment that ships', () => {
  it('is there in every form', () => {
    expect(files).toEqual(
      expect.arrayContaining(['label-noise.json', 'paper/figure-2.json', 'paper/table-2-small.json']),
    )
  })

  it.each(files)(
    '%s has arms that can be paired, an independent control for each that teaches, and all test images',
    (file) => {
      const { arms, subset, seeds, threadsPerOperation } = readExperiment(path.join(ROOT, file))
      for (const { name, cohort, control } of arms) {
        if (cohort.teaching.method === 'INDEPENDENT') continue
        const other = arms.find((arm) => arm.name === control)
        expect(other?.cohort.teaching.method, name).toBe('INDEPENDENT')
        expect(other?.cohort.students, name).toEqual(cohort.students)
      }
      expect(subset?.testPerClass ?? null).toBeNull()
      expect(seeds.length).toBeGreaterThanOrEqual(3)
      expect(threadsPerOperation).toBe(1)
    },
  )
})
