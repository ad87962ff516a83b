import { publicUrl } from '../../public-url.ts'
import { toComparison } from '../../use-cases/experiments/read-results.ts'
import type {
  SharedExperimentResolvers,
  SharedModelResolvers,
  SharedPageResolvers,
  SharedRunResolvers,
  ShareLinkResolvers,
} from '../generated/resolvers.ts'
import { toVerdict } from './evaluation.ts'
import { armsOf } from './experiment.ts'

export const ShareLink: ShareLinkResolvers = {
  async subject({ runId, experimentId, modelId, ensembleId }, _, { loaders, services }) {
    if (runId !== null) return loaders.run.load(runId)
    if (experimentId !== null) return loaders.experiment.load(experimentId)
    if (modelId !== null) return loaders.model.load(modelId)
    return services.database.ensemble.findUniqueOrThrow({ where: { id: ensembleId ?? '' } })
  },
  hasPassword: ({ passwordHash }) => passwordHash !== null,
  createdBy: ({ createdById }, _, { loaders }) => loaders.user.load(createdById),
}

export const SharedPage: SharedPageResolvers = {
  asksPassword: ({ content }) => content === null,
  expiresAt: ({ link, content }) => (content === null ? null : link.expiresAt),
  run: ({ content, token }) => (content?.kind === 'run' ? { ...content.run, token } : null),
  experiment: ({ content }) => (content?.kind === 'experiment' ? content.experiment : null),
  model: ({ content, token, link }) =>
    content?.kind === 'model' ? { ...content.model, token, withFiles: link.withFiles } : null,
}

export const SharedRun: SharedRunResolvers = {
  status: ({ run }) => run.status,
  startedAt: ({ run }) => run.startedAt,
  finishedAt: ({ run }) => run.finishedAt,
  recipe: ({ run }) => run.recipe,
  seed: ({ run }) => run.seed,
  evaluation: ({ run }) => toVerdict(run.evaluation).evaluation,
  retrieval: ({ run }) => toVerdict(run.evaluation).retrieval,
  receiptUrl: ({ hasReceipt, token }, _, { services }) =>
    hasReceipt ? publicUrl(services.config, services.sharedFiles.sign(token, 'receipt')) : null,
}

export const SharedExperiment: SharedExperimentResolvers = {
  arms: ({ plan }) => armsOf(plan),
  conditions: ({ plan }) => plan.conditions.map(({ name }) => name),
  seeds: ({ plan }) => plan.file.seeds,
  comparisons: ({ results }) => results.comparisons.map(toComparison),
}

export const SharedModel: SharedModelResolvers = {
  files: ({ artifacts, withFiles, token }, _, { services }) =>
    withFiles
      ? artifacts.map(({ format, fileName, byteLength, sha256 }) => ({
          format,
          fileName,
          byteLength,
          sha256,
          url: publicUrl(services.config, services.sharedFiles.sign(token, format)),
        }))
      : [],
}
