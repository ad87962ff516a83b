import { typeOfId } from '../../../contract/ids.ts'
import {
  type CohortPartsFragment,
  CohortsDocument,
  type CohortsQuery,
  type DatasetPartsFragment,
  DatasetsDocument,
  type DatasetsQuery,
  RunByIdDocument,
  RunByNumberDocument,
  type RunResultsFragment,
  RunsDocument,
} from '../api/generated/operations.ts'
import type { TeamClient } from '../api/open-team.ts'
import { usageError } from '../outcome.ts'

/** A run by its number, its id, or `latest`. */
export async function findRun({ api, team }: TeamClient, text: string): Promise<RunResultsFragment> {
  if (typeOfId(text) === 'Run') {
    const { node } = await api.ask(RunByIdDocument, { id: text })
    if (node?.__typename === 'Run') return node
    throw usageError(`There is no run ${text} in the team “${team.name}”.`)
  }
  const number = text === 'latest' ? await latestNumber({ api, team }) : Number(text)
  if (!Number.isSafeInteger(number) || number < 1)
    throw usageError(`“${text}” is no run: write its number, its id, or latest.`)
  const { team: found } = await api.ask(RunByNumberDocument, { slug: team.slug, number })
  if (!found?.run) throw usageError(`There is no run ${number} in the team “${team.name}”.`)
  return found.run
}

async function latestNumber({ api, team }: TeamClient): Promise<number> {
  const { node } = await api.ask(RunsDocument, { teamId: team.id, first: 1 })
  const newest = node?.__typename === 'Team' ? node.runs.nodes[0] : undefined
  if (!newest) throw usageError(`The team “${team.name}” has no run yet.`)
  return newest.number
}

/** All datasets of the team, newest first. */
export async function listDatasets({ api, team }: TeamClient): Promise<DatasetPartsFragment[]> {
  const all: DatasetPartsFragment[] = []
  let after: string | null = null
  do {
    const { node }: DatasetsQuery = await api.ask(DatasetsDocument, { teamId: team.id, after })
    if (node?.__typename !== 'Team') return all
    all.push(...node.datasets.nodes)
    after = node.datasets.pageInfo.hasNextPage ? node.datasets.pageInfo.endCursor : null
  } while (after !== null)
  return all
}

/** A dataset by its name or id. */
export async function findDataset(client: TeamClient, text: string): Promise<DatasetPartsFragment> {
  const all = await listDatasets(client)
  const found = all.find(({ id, name }) => id === text || name === text)
  if (found) return found
  const names = all.map(({ name }) => `“${name}”`).slice(0, MOST_NAMES)
  throw usageError(
    `There is no dataset “${text}”. ${names.length ? `There are ${names.join(', ')}.` : 'There is none yet.'}`,
  )
}

/** The id of a version: as given, `name@3`, or `name` for its newest READY one. */
export async function findVersion(client: TeamClient, text: string): Promise<string> {
  if (typeOfId(text) === 'DatasetVersion') return text
  const [, name = text, number] = /^(.+)@(\d+)$/.exec(text) ?? []
  const dataset = await findDataset(client, name)
  if (number === undefined) {
    if (dataset.latestReadyVersion) return dataset.latestReadyVersion.id
    throw usageError(`No version of “${dataset.name}” is ready yet; \`studyhall dataset show\` says why.`)
  }
  const version = dataset.versions.find((each) => each.number === Number(number))
  if (!version) throw usageError(`“${dataset.name}” has no version ${number}.`)
  return version.id
}

/** All cohorts of the team, newest first. */
export async function listCohorts({ api, team }: TeamClient): Promise<CohortPartsFragment[]> {
  const all: CohortPartsFragment[] = []
  let after: string | null = null
  do {
    const { node }: CohortsQuery = await api.ask(CohortsDocument, { teamId: team.id, after })
    if (node?.__typename !== 'Team') return all
    all.push(...node.cohorts.nodes)
    after = node.cohorts.pageInfo.hasNextPage ? node.cohorts.pageInfo.endCursor : null
  } while (after !== null)
  return all
}

export async function findCohort(client: TeamClient, text: string): Promise<CohortPartsFragment> {
  const all = await listCohorts(client)
  const found = all.find(({ id, name }) => id === text || name === text)
  if (found) return found
  const names = all.map(({ name }) => `“${name}”`).slice(0, MOST_NAMES)
  throw usageError(
    `There is no cohort “${text}”. ${names.length ? `There are ${names.join(', ')}.` : 'There is none yet.'}`,
  )
}

const MOST_NAMES = 10
