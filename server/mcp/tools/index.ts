import { type Tool, tool } from '../tool.ts'
import { cohortTools } from './cohorts.ts'
import { datasetTools } from './datasets.ts'
import { experimentTools } from './experiments.ts'
import { modelTools } from './models.ts'
import { runTools } from './runs.ts'

const VIEWER = `{ viewer { teams { name slug } budget { maxRuns runsStarted maxDeviceMinutes deviceMinutesUsed } } }`

const whoami = tool({
  title: 'Who am I',
  description:
    'The team that the key reaches, and its budget: how many runs and device minutes are left. Read it first.',
  input: {},
  readOnly: true,
  async run({ ask }) {
    const { teams, budget } = (await ask(VIEWER)).viewer
    return { team: teams[0] ?? null, budget }
  },
})

/** Every tool, by the name under which agents call it. */
export function createTools(): Record<string, Tool> {
  return {
    whoami,
    ...datasetTools,
    ...cohortTools,
    ...runTools,
    ...experimentTools,
    ...modelTools,
  }
}
