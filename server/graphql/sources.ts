import type { DatasetOverview } from '../../contract/dataset-overview.ts'
import type { RunEventRecord } from '../../contract/runs/run-events.ts'
import type * as rows from '../../prisma/client.ts'
import type { TestPicture } from '../use-cases/answers/read-test-pictures.ts'
import type { InstanceTeam } from '../use-cases/instance/read-all-teams.ts'
import type { InstancePerson } from '../use-cases/instance/read-people.ts'
import type { Connection } from '../use-cases/read-page.ts'
import type { LogLine } from '../use-cases/runs/read-log.ts'
import type { RetrievalQuery } from '../use-cases/runs/read-retrieval-queries.ts'
import type { SharedPage } from '../use-cases/sharing/read-shared.ts'
import type { SharedExperiment } from '../use-cases/sharing/read-shared-experiment.ts'
import type { SharedModel } from '../use-cases/sharing/read-shared-model.ts'
import type { SharedRun } from '../use-cases/sharing/read-shared-run.ts'

/**
 * What stands behind types of the schema that have no row or contract of their own, named after them. The generated
 * types of resolvers read this by the list of mappers in scripts/setup/build/graphql-codegen.mjs.
 */
export type DatasetOverviewSource = { versionId: string; overview: DatasetOverview }
export type DuplicatesSource = { versionId: string } & DatasetOverview['exact']
export type ExperimentTrialSource = rows.ExperimentTrial
export type SharedPageSource = SharedPage
export type SharedRunSource = SharedRun & { token: string }
export type SharedExperimentSource = SharedExperiment
export type SharedModelSource = SharedModel & { token: string; withFiles: boolean }
export type RunStudentSource = { run: rows.Run; student: rows.Student }
export type TrainedModelSource = rows.Model | rows.Ensemble

type RunEventOf<Kind extends RunEventRecord['payload']['kind']> = RunEventRecord & {
  payload: Extract<RunEventRecord['payload'], { kind: Kind }>
}
export type RunStatusChangedSource = RunEventOf<'STATUS'>
export type MetricsRecordedSource = RunEventOf<'METRICS'>
export type EvaluationCompletedSource = RunEventOf<'EVALUATION'>
export type LogWrittenSource = RunEventOf<'LOG'>
export type AlarmChangedSource = RunEventOf<'ALARM'>
export type CheckpointSavedSource = RunEventOf<'CHECKPOINT'>

export type DatasetConnectionSource = Connection<rows.Dataset>
export type GivenWeightsConnectionSource = Connection<rows.GivenWeights>
export type CohortConnectionSource = Connection<rows.Cohort>
export type AuditEventConnectionSource = Connection<rows.AuditEvent>
export type InstancePersonConnectionSource = Connection<InstancePerson>
export type InstanceTeamConnectionSource = Connection<InstanceTeam>
export type ExperimentConnectionSource = Connection<rows.Experiment>
export type RunConnectionSource = Connection<rows.Run>
export type ModelConnectionSource = Connection<rows.Model>
export type TrainedModelConnectionSource = Connection<TrainedModelSource>
export type LogLineConnectionSource = Connection<LogLine>
export type NoticeConnectionSource = Connection<rows.Notice>
export type WebhookDeliveryConnectionSource = Connection<rows.WebhookDelivery>
export type TestPictureConnectionSource = Connection<TestPicture>
export type RetrievalQueryConnectionSource = Connection<RetrievalQuery>
