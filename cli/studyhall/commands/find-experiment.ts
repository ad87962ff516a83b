import { typeOfId } from '../../../contract/ids.ts'
import {
  ExperimentByIdDocument,
  ExperimentByNumberDocument,
  type ExperimentPartsFragment,
  ExperimentsDocument,
} from '../api/generated/operations.ts'
import type { TeamClient } from '../api/open-team.ts'
import { usageError } from '../outcome.ts'

/** The team's newest experiments. */
export async function listExperiments(
  { api, team }: TeamClient,
  first: number,
): Promise<ExperimentPartsFragment[]> {
  const { node } = await api.ask(ExperimentsDocument, { teamId: team.id, first })
  return node?.__typename === 'Team' ? node.experiments.nodes : []
}

/** An experiment by its number, its id, or `latest`. */
export async function findExperiment(client: TeamClient, text: string): Promise<ExperimentPartsFragment> {
  const { api, team } = client
  if (typeOfId(text) === 'Experiment') {
    const { node } = await api.ask(ExperimentByIdDocument, { id: text })
    if (node?.__typename === 'Experiment') return node
    throw usageError(`There is no experiment ${text} in the team “${team.name}”.`)
  }
  if (text === 'latest') {
    const [newest] = await listExperiments(client, 1)
    if (newest) return newest
    throw usageError(`The team “${team.name}” has no experiment yet.`)
  }
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < 1)
    throw usageError(`“${text}” is no experiment: write its number, its id, or latest.`)
  const { team: found } = await api.ask(ExperimentByNumberDocument, { slug: team.slug, number })
  if (found?.experiment) return found.experiment
  throw usageError(`There is no experiment ${number} in the team “${team.name}”.`)
}
