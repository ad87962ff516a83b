import { countStages } from '../../../contract/cohort.ts'
import type { FailureCode } from '../../../contract/runs/run-events.ts'
import { isHeld } from '../../../contract/runs/run-states.ts'
import type { Run as RunRow } from '../../../prisma/client.ts'
import { alarmsOf } from '../../../runs/alarms.ts'
import { manifestOf } from '../../blobs/manifest.ts'
import { AppError } from '../../errors.ts'
import { publicUrl } from '../../public-url.ts'
import { readClassCurves } from '../../use-cases/answers/read-class-curves.ts'
import { readTestPictures } from '../../use-cases/answers/read-test-pictures.ts'
import { whyNotExplainable } from '../../use-cases/explanations/explain-run.ts'
import { readFork } from '../../use-cases/forks/read-fork.ts'
import { readRunDeletion } from '../../use-cases/runs/delete-run.ts'
import { describeBlocker } from '../../use-cases/runs/describe-blocker.ts'
import { readLabelSuspects } from '../../use-cases/runs/read-label-suspects.ts'
import { readLogPage } from '../../use-cases/runs/read-log.ts'
import { readPace } from '../../use-cases/runs/read-pace.ts'
import { findReceipt } from '../../use-cases/runs/read-receipt.ts'
import { readRetrievalQueries } from '../../use-cases/runs/read-retrieval-queries.ts'
import { hasLearnedNothing, readRunFindings } from '../../use-cases/runs/read-run-findings.ts'
import { readSeries } from '../../use-cases/runs/read-series.ts'
import { progressOf } from '../../use-cases/runs/run-progress.ts'
import { expectStart } from '../../use-cases/speeds/expect-start.ts'
import type {
  CheckpointResolvers,
  RunAttemptResolvers,
  RunForkResolvers,
  RunLoadResolvers,
  RunResolvers,
  RunStudentResolvers,
} from '../generated/resolvers.ts'
import type { RunStudentSource } from '../sources.ts'
import type { Context } from '../transport/context.ts'
import { toVerdict } from './evaluation.ts'

const MAX_POINTS = 2_000
const MAX_REPORTS = 1_000

export const Run: RunResolvers = {
  team: ({ teamId }, _, { loaders }) => loaders.team.load(teamId),
  clonedFrom: ({ clonedFromId }, _, { loaders }) =>
    clonedFromId === null ? null : loaders.run.load(clonedFromId),
  fork: (run, _, { services }) => readFork(services.database, run),
  deletion: (run, _, { services }) => readRunDeletion(services.database, run),
  isFollowed: async ({ id }, _, { loaders }) => (await loaders.followed.load(id)) !== null,
  phase: ({ status, phase }) => (isHeld(status) ? phase : null),
  failure: failureOf,
  async waitingReason({ id, status }, _, { loaders }) {
    const turn = status === 'QUEUED' ? await loaders.turn.load(id) : null
    return turn?.blockedBy ? describeBlocker(turn.blockedBy) : null
  },
  attempts: ({ id }, _, { loaders }) => loaders.attemptsOfRun.load(id),
  checkpoints: ({ id }, _, { loaders }) => loaders.checkpointsOfRun.load(id),
  experiment: ({ experimentId }, _, { loaders }) =>
    experimentId === null ? null : loaders.experiment.load(experimentId),
  cohort: ({ cohortId }, _, { loaders }) => loaders.cohort.load(cohortId),
  datasetVersion: ({ datasetVersionId }, _, { loaders }) => loaders.datasetVersion.load(datasetVersionId),
  async progress(run, _, { loaders }) {
    const [{ method }, [first]] = await Promise.all([
      loaders.cohort.load(run.cohortId),
      loaders.studentsOfCohort.load(run.cohortId),
    ])
    return progressOf(run, countStages({ method }, first?.finishedModelId != null))
  },
  async queuePosition({ id, status }, _, { loaders }) {
    const turn = status === 'QUEUED' ? await loaders.turn.load(id) : null
    return turn?.position ?? null
  },
  async students(run, _, { loaders }) {
    const students = await loaders.studentsOfCohort.load(run.cohortId)
    return students.map((student) => ({ run, student }))
  },
  metrics({ id }, { names, students, from, to, maxPoints }, { services }) {
    const most = requireCount(maxPoints ?? 500, MAX_POINTS)
    return readSeries(services.database, id, {
      names: names ? [...names] : null,
      students: students ? [...students] : null,
      from: from ?? null,
      to: to ?? null,
      maxPoints: most,
    })
  },
  async pace({ id }, { maxPoints }, { loaders, services }) {
    const most = requireCount(maxPoints ?? 300, MAX_REPORTS)
    return readPace(services.database, id, await loaders.attemptsOfRun.load(id), most)
  },
  evaluation: ({ evaluation }) => toVerdict(evaluation).evaluation,
  retrieval: ({ evaluation }) => toVerdict(evaluation).retrieval,
  retrievalQueries: (run, page, { services }) => readRetrievalQueries(services, run, page),
  async startsInSeconds({ id, status }, _, { services }) {
    return status === 'QUEUED' ? (await expectStart(services.database, id)).seconds : null
  },
  testPictures: (run, wanted, { services }) => readTestPictures(services, run, wanted),
  async classCurves(run, { worst, ...wanted }, { loaders, services }) {
    const version = await loaders.datasetVersion.load(run.datasetVersionId)
    return readClassCurves(services.database, run, version, { ...wanted, worst: worst ?? 5 })
  },
  async labelSuspects(run, { first }, { loaders, services }) {
    const classCount = await classCountOf(run, loaders)
    return hasLearnedNothing(run, classCount) ? null : readLabelSuspects(services, run, first ?? 24)
  },
  async findings(run, _, { loaders }) {
    if (run.evaluation === null) return alarmsOf(run)
    const [classCount, numbers] = await Promise.all([
      classCountOf(run, loaders),
      loaders.numbersOfRun.load(run.id),
    ])
    return readRunFindings(run, classCount, numbers)
  },
  explanation: ({ id }, _, { services }) =>
    services.database.runExplanation.findUnique({ where: { runId: id } }),
  explanationBlocker: (run, _, { services }) => whyNotExplainable(services, run),
  log: ({ id }, { levels, sources, ...page }, { services }) =>
    readLogPage(services.database, id, { levels: levels ?? null, sources: sources ?? null }, page),
  async receiptUrl(run, _, { services: { database, config } }) {
    const path = await findReceipt(database, run)
    return path && publicUrl(config, path)
  },
  models: ({ id }, _, { loaders }) => loaders.modelsOfRun.load(id),
  ensemble: ({ id }, _, { loaders }) => loaders.ensembleOfRun.load(id),
  createdBy: ({ createdById }, _, { loaders }) => loaders.user.load(createdById),
  cost: ({ id }, _, { loaders }) => loaders.costOfRun.load(id),
  async attemptSeconds({ id }, _, { loaders }) {
    const attempts = await loaders.attemptsOfRun.load(id)
    return attempts.reduce((sum, { startedAt, endedAt }) => sum + secondsBetween(startedAt, endedAt), 0)
  },
  async attemptStartedAt({ id, status }, _, { loaders }) {
    const [newest] = isHeld(status) ? await loaders.attemptsOfRun.load(id) : []
    return newest?.startedAt ?? null
  },
}

export const RunAttempt: RunAttemptResolvers = {
  failure: failureOf,
}

export const Checkpoint: CheckpointResolvers = {
  url: ({ runId, step }, _, { services: { config } }) =>
    publicUrl(config, `/files/checkpoints/${runId}/${step}.safetensors`),
}

export const RunFork: RunForkResolvers = {
  comparison: ({ compare }) => compare(),
}

export const RunLoad: RunLoadResolvers = {
  cardMemoryBytes: ({ card }) => card?.memoryBytes ?? null,
  cardUtilization: ({ card }) => card?.utilization ?? null,
}

export const RunStudent: RunStudentResolvers = {
  student: ({ student }) => student,
  lastLoss: async (parent, _, context) => (await numbersOf(parent, context))?.lastLoss ?? null,
  lastTrainTop1: async (parent, _, context) => (await numbersOf(parent, context))?.lastTrainTop1 ?? null,
  lastTestTop1: async (parent, _, context) => (await numbersOf(parent, context))?.lastTestTop1 ?? null,
  bestTestTop1: async (parent, _, context) => (await numbersOf(parent, context))?.bestTestTop1 ?? null,
  lastTestMap: async (parent, _, context) => (await numbersOf(parent, context))?.lastTestMap ?? null,
  bestTestMap: async (parent, _, context) => (await numbersOf(parent, context))?.bestTestMap ?? null,
}

async function numbersOf({ run, student }: RunStudentSource, { loaders }: Context) {
  return (await loaders.numbersOfRun.load(run.id)).get(student.position)
}

async function classCountOf({ datasetVersionId }: RunRow, loaders: Context['loaders']): Promise<number> {
  return manifestOf(await loaders.datasetVersion.load(datasetVersionId))?.classes.length ?? 0
}

function requireCount(maxPoints: number, most: number): number {
  if (maxPoints >= 2 && maxPoints <= most) return maxPoints
  throw new AppError('INVALID_INPUT', `maxPoints is ${maxPoints}; it is 2 to ${most}.`, ['maxPoints'])
}

function secondsBetween(startedAt: Date, endedAt: Date | null): number {
  return endedAt === null ? 0 : (endedAt.getTime() - startedAt.getTime()) / 1000
}

function failureOf({ failureCode, failureMessage }: Pick<RunRow, 'failureCode' | 'failureMessage'>) {
  if (!failureCode || !failureMessage) return null
  return { code: failureCode as FailureCode, message: failureMessage }
}
