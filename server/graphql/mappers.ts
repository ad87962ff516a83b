import type { DatasetOverview } from '../../contract/dataset-overview.ts'
import type { ImportReport } from '../../contract/import-report.ts'
import type { RunEventRecord } from '../../contract/run-events.ts'
import type * as rows from '../../prisma/client.ts'
import type { Actor } from '../access/actor.ts'
import type { Connection } from '../use-cases/read-page.ts'
import type { LogLine } from '../use-cases/runs/read-log.ts'
import type { RetrievalQuery } from '../use-cases/runs/read-retrieval-queries.ts'
import type { ListedWorker } from '../use-cases/workers/list-workers.ts'

type RunEventOf<Kind extends RunEventRecord['payload']['kind']> = RunEventRecord & {
  payload: Extract<RunEventRecord['payload'], { kind: Kind }>
}

/** What stands behind each SDL type while resolvers run: mostly its row. The generated types read this. */
export type Mappers = {
  Viewer: Actor
  User: rows.User
  Team: rows.Team
  Member: rows.Member
  ApiKey: rows.ApiKey
  Upload: rows.Upload
  Dataset: rows.Dataset
  DatasetVersion: rows.DatasetVersion
  ImportReport: ImportReport
  DatasetOverview: { versionId: string; overview: DatasetOverview }
  Duplicates: { versionId: string } & DatasetOverview['exact']
  Cohort: rows.Cohort
  Student: rows.Student
  Run: rows.Run
  RunStudent: { run: rows.Run; student: rows.Student }
  RunStatusChanged: RunEventOf<'STATUS'>
  MetricsRecorded: RunEventOf<'METRICS'>
  EvaluationCompleted: RunEventOf<'EVALUATION'>
  LogWritten: RunEventOf<'LOG'>
  CheckpointSaved: RunEventOf<'CHECKPOINT'>
  LogLine: LogLine
  RunAttempt: rows.RunAttempt
  Worker: ListedWorker
  Checkpoint: rows.Checkpoint
  Model: rows.Model
  Ensemble: rows.Ensemble
  Artifact: rows.Artifact
  Export: rows.Export
  ModelAlias: rows.ModelAlias
  Trained: rows.Model | rows.Ensemble
  LogLineConnection: Connection<LogLine>
  RetrievalQueryConnection: Connection<RetrievalQuery>
  TrainedConnection: Connection<rows.Model | rows.Ensemble>
  DatasetConnection: Connection<rows.Dataset>
  CohortConnection: Connection<rows.Cohort>
  RunConnection: Connection<rows.Run>
  ModelConnection: Connection<rows.Model>
}
