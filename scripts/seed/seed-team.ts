import type { ApiClient } from '../../cli/studyhall/api/client.ts'
import { waitUntilReady } from '../../cli/studyhall/commands/import-dataset.ts'
import type { OwnTeam } from '../demo/own-team.ts'
import { ensureRun, type TeamRun } from './ensure-run.ts'
import { SEEDED_RUNS, type SeededRun } from './seeded-runs.ts'

const SAMPLES = { labels: 'FASHION_MNIST', identities: 'OMNIGLOT' } as const

export interface SeededTeam {
  runs: (TeamRun & Pick<SeededRun, 'becomes' | 'dataset'>)[]
  datasets: { name: string; isNew: boolean }[]
}

type Tell = (message: string) => void

/**
 * Gives the team a dataset of labels, one of identities, two finished runs, a failed one and one that trains, all by the
 * API. What it has of these already is left as it is.
 * @throws where an import or a run ends otherwise
 */
export async function seedTeam({ api, team }: OwnTeam, tell: Tell = () => {}): Promise<SeededTeam> {
  const [labels, identities] = await Promise.all([
    ensureDataset(api, team.id, 'labels', tell),
    ensureDataset(api, team.id, 'identities', tell),
  ])
  const datasets = { labels, identities }
  const runs: SeededTeam['runs'] = []
  for (const seeded of SEEDED_RUNS) {
    const { becomes, dataset } = seeded
    const run = await ensureRun(api, team.id, datasets[dataset].versionId, seeded, tell)
    runs.push({ ...run, becomes, dataset })
  }
  return { runs, datasets: [labels, identities] }
}

async function ensureDataset(api: ApiClient, teamId: string, kind: keyof typeof SAMPLES, tell: Tell) {
  type Answer = {
    createSampleDataset: { dataset: { name: string; versions: { id: string; status: string }[] } }
  }
  const { createSampleDataset } = await api.ask<Answer>(
    `mutation ($input: CreateSampleDatasetInput!) { createSampleDataset(input: $input) {
      dataset { name versions { id status } } errors { message } } }`,
    { input: { teamId, sample: SAMPLES[kind] } },
  )
  const { name, versions } = createSampleDataset.dataset
  // The first is the sample as it came; whatever was edited comes before it.
  const version = versions.at(-1)
  if (!version) throw new Error(`The dataset “${name}” has no version: delete it, and seed the team again.`)
  const isNew = version.status !== 'READY'
  if (isNew) await waitUntilReady(api, version.id, (message) => tell(`${name}: ${message}`))
  return { name, versionId: version.id, isNew }
}
