import { createCohort } from '../../use-cases/cohorts/create-cohort.ts'
import { cancelImport } from '../../use-cases/datasets/cancel-import.ts'
import { createDataset } from '../../use-cases/datasets/create-dataset.ts'
import { createDatasetVersion } from '../../use-cases/datasets/create-dataset-version.ts'
import { createSampleDataset } from '../../use-cases/datasets/create-sample-dataset.ts'
import { deleteDataset } from '../../use-cases/datasets/delete-dataset.ts'
import { deleteDatasetVersion } from '../../use-cases/datasets/delete-dataset-version.ts'
import { editDatasetVersion } from '../../use-cases/datasets/edit-dataset-version.ts'
import { createDownload } from '../../use-cases/downloads/create-download.ts'
import { addExperimentSeeds } from '../../use-cases/experiments/add-experiment-seeds.ts'
import { cancelExperiment } from '../../use-cases/experiments/cancel-experiment.ts'
import { startExperiment } from '../../use-cases/experiments/start-experiment.ts'
import { explainRun } from '../../use-cases/explanations/explain-run.ts'
import { createExport } from '../../use-cases/exports/create-export.ts'
import { forkRun } from '../../use-cases/forks/fork-run.ts'
import { createGivenWeights } from '../../use-cases/given-weights/create-given-weights.ts'
import { deleteGivenWeights } from '../../use-cases/given-weights/delete-given-weights.ts'
import { updateGivenWeights } from '../../use-cases/given-weights/update-given-weights.ts'
import { reactivatePerson, setAdministrator, suspendPerson } from '../../use-cases/instance/change-person.ts'
import { sendTrialMail } from '../../use-cases/instance/send-trial-mail.ts'
import { removeModelAlias } from '../../use-cases/models/remove-model-alias.ts'
import { setModelAlias } from '../../use-cases/models/set-model-alias.ts'
import { archiveRuns, cancelRuns, tagRuns } from '../../use-cases/run-lists/change-runs.ts'
import { deleteRunView, saveRunView, setDefaultRunView } from '../../use-cases/run-lists/run-views.ts'
import { cancelRun } from '../../use-cases/runs/cancel-run.ts'
import { cloneRun } from '../../use-cases/runs/clone-run.ts'
import { deleteRun } from '../../use-cases/runs/delete-run.ts'
import { pauseRun } from '../../use-cases/runs/pause-run.ts'
import { resumeRun } from '../../use-cases/runs/resume-run.ts'
import { retryRun } from '../../use-cases/runs/retry-run.ts'
import { setRunPriority } from '../../use-cases/runs/set-run-priority.ts'
import { startRun } from '../../use-cases/runs/start-run.ts'
import { updateRun } from '../../use-cases/runs/update-run.ts'
import { cancelUpload } from '../../use-cases/uploads/cancel-upload.ts'
import { createUpload } from '../../use-cases/uploads/create-upload.ts'
import { finalizeUpload } from '../../use-cases/uploads/finalize-upload.ts'
import { setDevicePrice } from '../../use-cases/workers/device-prices.ts'
import { drainWorker, resumeWorker } from '../../use-cases/workers/drain-worker.ts'
import type { MutationResolvers } from '../generated/resolvers.ts'
import { answer } from './answer.ts'
import { noticeMutations } from './notice.ts'
import { teamMutations } from './team-mutations.ts'
import { webhookMutations } from './webhook.ts'

export const Mutation: MutationResolvers = {
  ...teamMutations,
  ...noticeMutations,
  ...webhookMutations,
  setAdministrator: (_, { input }, { services, actor }) =>
    answer(async () => ({ person: await setAdministrator(services, actor, input) })),
  suspendPerson: (_, { input }, { services, actor }) =>
    answer(async () => ({ person: await suspendPerson(services, actor, input) })),
  drainWorker: (_, { input }, { services, actor }) =>
    answer(async () => ({ worker: await drainWorker(services, actor, input) })),
  resumeWorker: (_, { input }, { services, actor }) =>
    answer(async () => ({ worker: await resumeWorker(services, actor, input) })),
  setDevicePrice: (_, { input }, { services, actor }) =>
    answer(async () => ({ devicePrices: await setDevicePrice(services, actor, input) })),
  reactivatePerson: (_, { input }, { services, actor }) =>
    answer(async () => ({ person: await reactivatePerson(services, actor, input) })),
  sendTrialMail: (_, { input }, { services, actor }) =>
    answer(async () => ({ mail: await sendTrialMail(services, actor, input) })),
  createUpload: (_, { input }, { services, actor }) =>
    answer(async () => ({ upload: await createUpload(services, actor, input) })),
  cancelUpload: (_, { input }, { services, actor }) =>
    answer(async () => ({ deletedId: await cancelUpload(services, actor, input) })),
  finalizeUpload: (_, { input }, { services, actor }) =>
    answer(async () => ({ upload: await finalizeUpload(services, actor, input) })),
  createGivenWeights: (_, { input }, { services, actor }) =>
    answer(async () => ({ givenWeights: await createGivenWeights(services, actor, input) })),
  updateGivenWeights: (_, { input }, { services, actor }) =>
    answer(async () => ({ givenWeights: await updateGivenWeights(services, actor, input) })),
  deleteGivenWeights: (_, { input }, { services, actor }) =>
    answer(async () => ({ deletedId: await deleteGivenWeights(services, actor, input) })),
  createDataset: (_, { input }, { services, actor }) =>
    answer(async () => ({ dataset: await createDataset(services, actor, input) })),
  createDatasetVersion: (_, { input }, { services, actor }) =>
    answer(async () => ({ datasetVersion: await createDatasetVersion(services, actor, input) })),
  editDatasetVersion: (_, { input }, { services, actor }) =>
    answer(async () => ({ datasetVersion: await editDatasetVersion(services, actor, input) })),
  cancelImport: (_, { input }, { services, actor }) =>
    answer(async () => ({ datasetVersion: await cancelImport(services, actor, input) })),
  deleteDatasetVersion: (_, { input }, { services, actor }) =>
    answer(async () => ({ deletedId: await deleteDatasetVersion(services, actor, input) })),
  deleteDataset: (_, { input }, { services, actor }) =>
    answer(async () => ({ deletedId: await deleteDataset(services, actor, input) })),
  createSampleDataset: (_, { input }, { services, actor }) =>
    answer(async () => ({ dataset: await createSampleDataset(services, actor, input) })),
  createCohort: (_, { input }, { services, actor }) =>
    answer(async () => ({ cohort: await createCohort(services, actor, input) })),
  startRun: (_, { input }, { services, actor }) => answerWarning(() => startRun(services, actor, input)),
  startExperiment: (_, { input }, { services, actor }) =>
    answerWarning(() => startExperiment(services, actor, input)),
  cancelExperiment: (_, { input }, { services, actor }) =>
    answer(async () => ({ experiment: await cancelExperiment(services, actor, input) })),
  addExperimentSeeds: (_, { input }, { services, actor }) =>
    answer(async () => ({ experiment: await addExperimentSeeds(services, actor, input) })),
  cancelRun: (_, { input }, { services, actor }) =>
    answer(async () => ({ run: await cancelRun(services, actor, input) })),
  pauseRun: (_, { input }, { services, actor }) =>
    answer(async () => ({ run: await pauseRun(services, actor, input) })),
  resumeRun: (_, { input }, { services, actor }) =>
    answer(async () => ({ run: await resumeRun(services, actor, input) })),
  retryRun: (_, { input: { runId, from } }, { services, actor }) =>
    answer(async () => ({
      run: await retryRun(services, actor, { runId, from: from ?? 'LAST_CHECKPOINT' }),
    })),
  cloneRun: (_, { input }, { services, actor }) => answerWarning(() => cloneRun(services, actor, input)),
  forkRun: (_, { input }, { services, actor }) => answerWarning(() => forkRun(services, actor, input)),
  setRunPriority: (_, { input }, { services, actor }) =>
    answer(async () => ({ run: await setRunPriority(services, actor, input) })),
  updateRun: (_, { input }, { services, actor }) =>
    answer(async () => ({ run: await updateRun(services, actor, input) })),
  deleteRun: (_, { input }, { services, actor }) =>
    answer(async () => ({ deletedId: await deleteRun(services, actor, input) })),
  cancelRuns: (_, { input }, { services, actor }) =>
    answer(async () => ({ runs: await cancelRuns(services, actor, input) })),
  tagRuns: (_, { input }, { services, actor }) =>
    answer(async () => ({ runs: await tagRuns(services, actor, input) })),
  archiveRuns: (_, { input: { runIds, archived } }, { services, actor }) =>
    answer(async () => ({
      runs: await archiveRuns(services, actor, { runIds, archived: archived ?? true }),
    })),
  saveRunView: (_, { input }, { services, actor }) =>
    answer(async () => ({ runView: await saveRunView(services, actor, input) })),
  deleteRunView: (_, { input }, { services, actor }) =>
    answer(async () => ({ deletedId: await deleteRunView(services, actor, input) })),
  setDefaultRunView: (_, { input: { runViewId, isDefault } }, { services, actor }) =>
    answer(async () => ({
      runView: await setDefaultRunView(services, actor, { runViewId, isDefault: isDefault ?? true }),
    })),
  createDownload: (_, { input }, { services, actor }) =>
    answer(async () => ({ download: await createDownload(services, actor, input) })),
  explainRun: (_, { input }, { services, actor }) =>
    answer(async () => ({ run: await explainRun(services, actor, input) })),
  createExport: (_, { input }, { services, actor }) => answer(() => createExport(services, actor, input)),
  setModelAlias: (_, { input }, { services, actor }) =>
    answer(async () => ({ trained: await setModelAlias(services, actor, input) })),
  removeModelAlias: (_, { input }, { services, actor }) =>
    answer(async () => ({ trained: await removeModelAlias(services, actor, input) })),
}

/** As `answer`, for use cases that queue runs and warn of what is unlikely to go well. */
async function answerWarning<Result extends { warnings: string[] }>(work: () => Promise<Result>) {
  const answered = await answer(work)
  return 'warnings' in answered ? answered : { ...answered, warnings: [] }
}
