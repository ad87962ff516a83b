/**
 * Writes team events: each in the transaction of what it tells, so that it is there exactly if that happened. The server
 * makes notices, mails and deliveries of them.
 */
import { newId } from '../contract/ids.ts'
import type { TeamEventKind } from '../contract/notices/team-events.ts'
import type { RunStatus } from '../contract/runs/run-states.ts'
import { Prisma, type Transaction } from '../prisma/client.ts'

type Client = Pick<Transaction, '$executeRaw'>

const KIND_OF_STATUS: Partial<Record<RunStatus, TeamEventKind>> = {
  SUCCEEDED: 'RUN_SUCCEEDED',
  FAILED: 'RUN_FAILED',
  CANCELED: 'RUN_CANCELED',
  PAUSED: 'RUN_PAUSED',
}

/** What each kind of a run's events tells besides the run, its cohort and its dataset. */
const SECONDS = Prisma.sql`'seconds', EXTRACT(EPOCH FROM run."finishedAt" - run."startedAt")::float8`
const MORE: Partial<Record<TeamEventKind, Prisma.Sql>> = {
  RUN_SUCCEEDED: Prisma.sql`${SECONDS},
    'accuracy', run.evaluation #> '{ensemble,meanPosteriorTop1}',
    'meanAveragePrecision', run.evaluation #> '{ensemble,meanAveragePrecision}'`,
  RUN_FAILED: Prisma.sql`${SECONDS},
    'failure', jsonb_build_object('code', run."failureCode", 'message', run."failureMessage")`,
  RUN_CANCELED: SECONDS,
  RUN_PAUSED: Prisma.sql`'reason', run."pauseReason"`,
}

/**
 * Tells of a run's new status, once its row has it; of most statuses there is nothing to tell. A disk that is still full
 * at the next try is no news.
 */
export async function recordRunTeamEvent(client: Client, runId: string, status: RunStatus): Promise<void> {
  const kind = KIND_OF_STATUS[status]
  const more = kind && MORE[kind]
  if (!more) return
  await client.$executeRaw`
    INSERT INTO "TeamEvent" (id, "teamId", kind, "concernsId", data)
    SELECT ${newId('TeamEvent')}, run."teamId", ${kind}::"TeamEventKind", run."createdById", jsonb_build_object(
      'run', jsonb_build_object('id', run.id, 'number', run.number),
      'cohort', jsonb_build_object('id', cohort.id, 'name', cohort.name),
      'dataset', jsonb_build_object('id', dataset.id, 'name', dataset.name, 'version', version.number),
      'startedBy', jsonb_build_object('id', person.id, 'name', person.name),
      'experiment', CASE WHEN experiment.id IS NOT NULL THEN
        jsonb_build_object('id', experiment.id, 'number', experiment.number) END,
      ${more})
    FROM "Run" AS run
    JOIN "Cohort" AS cohort ON cohort.id = run."cohortId"
    JOIN "DatasetVersion" AS version ON version.id = run."datasetVersionId"
    JOIN "Dataset" AS dataset ON dataset.id = version."datasetId"
    JOIN "User" AS person ON person.id = run."createdById"
    LEFT JOIN "Experiment" AS experiment ON experiment.id = run."experimentId"
    WHERE run.id = ${runId} AND NOT (run."pauseReason" IS NOT DISTINCT FROM 'DISK_FULL' AND EXISTS (
      SELECT FROM "RunAttempt" AS earlier
      WHERE earlier."runId" = run.id AND earlier.number = run.attempt - 1 AND earlier."failureCode" = 'DISK_FULL'))`
}

/** Tells that a dataset version can be trained on. */
export async function recordDatasetReady(client: Client, versionId: string): Promise<void> {
  await client.$executeRaw`
    INSERT INTO "TeamEvent" (id, "teamId", kind, "concernsId", data)
    SELECT ${newId('TeamEvent')}, version."teamId", 'DATASET_READY', person.id, jsonb_build_object(
      'dataset', jsonb_build_object('id', dataset.id, 'name', dataset.name, 'version', version.number),
      'images', version.report -> 'pictures',
      'createdBy', jsonb_build_object('id', person.id, 'name', person.name))
    FROM "DatasetVersion" AS version
    JOIN "Dataset" AS dataset ON dataset.id = version."datasetId"
    JOIN "Upload" AS upload ON upload.id = version."uploadId"
    JOIN "User" AS person ON person.id = COALESCE(version."createdById", upload."createdById")
    WHERE version.id = ${versionId}`
}

/** Tells that the file that an export was to make is there. */
export async function recordModelExported(
  client: Client,
  exportId: string,
  file: { fileName: string; byteLength: number },
): Promise<void> {
  await client.$executeRaw`
    INSERT INTO "TeamEvent" (id, "teamId", kind, "concernsId", data)
    SELECT ${newId('TeamEvent')}, export."teamId", 'MODEL_EXPORTED', person.id, jsonb_build_object(
      'model', jsonb_build_object('id', COALESCE(model.id, ensemble.id), 'name', COALESCE(student.name, 'ensemble')),
      'format', export.format,
      'fileName', ${file.fileName}::text,
      'byteLength', ${file.byteLength}::bigint,
      'run', jsonb_build_object('id', run.id, 'number', run.number),
      'requestedBy', jsonb_build_object('id', person.id, 'name', person.name))
    FROM "Export" AS export
    LEFT JOIN "Model" AS model ON model.id = export."modelId"
    LEFT JOIN "Student" AS student ON student.id = model."studentId"
    LEFT JOIN "Ensemble" AS ensemble ON ensemble.id = export."ensembleId"
    JOIN "Run" AS run ON run.id = COALESCE(model."runId", ensemble."runId")
    JOIN "User" AS person ON person.id = export."createdById"
    WHERE export.id = ${exportId}`
}

/**
 * Tells that an experiment has no run left, once after the last end of a run, also of one that was tried again or added. To
 * be called when a run's end is committed: of two that end at once, neither sees the other. The time of the statement, at
 * which every end that it sees has been, and not of its transaction, which may have begun before.
 */
export async function recordExperimentFinished(tx: Transaction, experimentId: string): Promise<void> {
  await tx.$executeRaw`
    WITH finished AS (
      UPDATE "Experiment" AS experiment SET "finishToldAt" = statement_timestamp()
      WHERE id = ${experimentId} AND ("finishToldAt" IS NULL OR "finishToldAt" < (
        SELECT max("finishedAt") FROM "Run" WHERE "teamId" = experiment."teamId" AND "experimentId" = experiment.id
      )) AND NOT EXISTS (
        SELECT FROM "Run" WHERE "teamId" = experiment."teamId" AND "experimentId" = experiment.id
          AND status NOT IN ('SUCCEEDED', 'FAILED', 'CANCELED'))
      RETURNING *)
    INSERT INTO "TeamEvent" (id, "teamId", kind, "concernsId", data)
    SELECT ${newId('TeamEvent')}, finished."teamId", 'EXPERIMENT_FINISHED', person.id, jsonb_build_object(
      'experiment', jsonb_build_object('id', finished.id, 'number', finished.number, 'title', finished.title),
      'how', CASE WHEN "canceledAt" IS NOT NULL THEN 'CANCELED' WHEN "decidedAt" IS NOT NULL THEN 'DECIDED' ELSE 'ENDED' END,
      'runs', (SELECT jsonb_build_object(
          'succeeded', count(*) FILTER (WHERE status = 'SUCCEEDED'),
          'failed', count(*) FILTER (WHERE status = 'FAILED'),
          'canceled', count(*) FILTER (WHERE status = 'CANCELED'))
        FROM "Run" WHERE "teamId" = finished."teamId" AND "experimentId" = finished.id),
      'startedBy', jsonb_build_object('id', person.id, 'name', person.name))
    FROM finished JOIN "User" AS person ON person.id = finished."createdById"`
}

/** Tells that a person has become a member by an invitation. */
export async function recordMemberJoined(
  client: Client,
  { teamId, userId, invitedById }: { teamId: string; userId: string; invitedById: string },
): Promise<void> {
  await client.$executeRaw`
    INSERT INTO "TeamEvent" (id, "teamId", kind, "concernsId", data)
    SELECT ${newId('TeamEvent')}, member."teamId", 'MEMBER_JOINED', host.id, jsonb_build_object(
      'member', jsonb_build_object('id', person.id, 'name', person.name),
      'role', member.role,
      'invitedBy', jsonb_build_object('id', host.id, 'name', host.name))
    FROM "Member" AS member
    JOIN "User" AS person ON person.id = member."userId", "User" AS host
    WHERE member."teamId" = ${teamId} AND member."userId" = ${userId} AND host.id = ${invitedById}`
}
