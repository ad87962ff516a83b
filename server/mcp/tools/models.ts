import { z } from 'zod'
import { EXPORT_FORMATS } from '../../../contract/training.ts'
import { Id, rounded, tool } from '../tool.ts'

const MODELS = `query ($teamId: ID!, $first: Int!) { node(id: $teamId) { ... on Team { registry(first: $first) { totalCount nodes {
  __typename id createdAt aliases { name } run { number cohort { name } datasetVersion { number dataset { name } } }
  artifacts { format fileName byteLength }
  ... on Model { parameters top1 meanAveragePrecision student { name architecture } }
  ... on Ensemble { parameters meanPosteriorTop1 meanAveragePrecision } } } } } }`
const DOWNLOAD = `mutation ($input: CreateDownloadInput!) { createDownload(input: $input) {
  download { url expiresAt artifact { fileName byteLength sha256 } } errors { code message path } } }`

// biome-ignore lint/suspicious/noExplicitAny: as MODELS asks for it.
type Read = any

export const modelTools = {
  list_models: tool({
    title: 'List models',
    description:
      'Trained students and ensembles, newest first, with their test score and the files there are.',
    input: { first: z.int().min(1).max(50).default(20) },
    readOnly: true,
    async run({ ask, teamId }, { first }) {
      const { totalCount, nodes } = (await ask(MODELS, { teamId, first })).node.registry
      return { total: totalCount, models: nodes.map(describeModel) }
    },
  }),
  download_link: tool({
    title: 'Make a download link',
    description: 'A link to a model’s zip, good for 15 minutes, with the SHA-256 of what it leads to.',
    input: { modelId: Id, format: z.enum(EXPORT_FORMATS).default('TFJS') },
    readOnly: true,
    async run({ ask }, { modelId, format }) {
      const { download } = (await ask(DOWNLOAD, { input: { id: modelId, format } })).createDownload
      const { url, expiresAt, artifact } = download
      return { url, expiresAt, ...artifact }
    },
  }),
}

function describeModel({ __typename, student, run, aliases, artifacts, createdAt, ...scores }: Read) {
  const score = scores.top1 ?? scores.meanPosteriorTop1 ?? scores.meanAveragePrecision
  return {
    id: scores.id,
    kind: __typename,
    name: student ? `${student.name}, a ${student.architecture}` : `ensemble of ${run.cohort.name}`,
    run: run.number,
    dataset: `${run.datasetVersion.dataset.name}@${run.datasetVersion.number}`,
    parameters: scores.parameters,
    score: rounded(score),
    aliases: aliases.map(({ name }: Read) => name),
    formats: artifacts.map(({ format }: Read) => format),
    createdAt,
  }
}
