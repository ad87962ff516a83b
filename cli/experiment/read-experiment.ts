import { readFileSync } from 'node:fs'
import { DesignProblem } from '../../experiments/design/design-problem.ts'
import { type Design, readDesign } from '../../experiments/design/experiment-file.ts'
import { type Trial, trialsOf } from '../../experiments/design/trials.ts'
import { UsageError } from '../train/usage-error.ts'

export interface Experiment extends Design {
  trials: Trial[]
}

/** Reads an experiment and resolves every cohort and recipe. @throws UsageError that names what is wrong */
export function readExperiment(path: string): Experiment {
  const content = parse(path)
  try {
    const design = readDesign(content)
    return { ...design, trials: trialsOf(design) }
  } catch (error) {
    if (error instanceof DesignProblem) throw new UsageError(`${path}: ${error.message}`)
    throw error
  }
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new UsageError(`${path} is no experiment: ${(error as Error).message}.`)
  }
}
