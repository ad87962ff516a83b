import { readFileSync } from 'node:fs'
import { DesignProblem } from '../../experiments/design/design-problem.ts'
import { type Design, ExperimentFile, readDesign } from '../../experiments/design/experiment-file.ts'
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
    refuseModels(ExperimentFile.parse(content), path)
    return { ...design, trials: trialsOf(design) }
  } catch (error) {
    if (error instanceof DesignProblem) throw new UsageError(`${path}: ${error.message}`)
    throw error
  }
}

/** Trained models have their ids in a service, of which the command knows nothing. */
function refuseModels({ arms }: ExperimentFile, path: string): void {
  const isStarted = (student: ExperimentFile['arms'][number]['students'][number]) =>
    typeof student !== 'string' &&
    (student.startModelId != null || student.startWeightsId != null || Boolean(student.frozenEpochs))
  const arm = arms.find(({ students }) => students.some(isStarted))
  if (arm)
    throw new UsageError(
      `${path}: arm ${arm.name} begins with what a service has. Leave startModelId, startWeightsId and frozenEpochs out, and name its file, downloaded if it is a model: --start '${arm.name}=FILE' --freeze EPOCHS.`,
    )
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new UsageError(`${path} is no experiment: ${(error as Error).message}.`)
  }
}
