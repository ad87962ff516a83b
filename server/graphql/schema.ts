import { readFileSync } from 'node:fs'
import { makeExecutableSchema } from '@graphql-tools/schema'
import type { GraphQLSchema } from 'graphql'
import { Cohort } from './cohort.ts'
import { Dataset } from './dataset.ts'
import { DatasetOverview, Duplicates } from './dataset-overview.ts'
import { DatasetVersion } from './dataset-version.ts'
import { Ensemble } from './ensemble.ts'
import type { Resolvers } from './generated/resolvers.ts'
import { ImportReport } from './import-report.ts'
import { Member } from './member.ts'
import { Model } from './model.ts'
import { Mutation } from './mutation.ts'
import { Node } from './node.ts'
import { Query } from './query.ts'
import { Run } from './run.ts'
import { RunAttempt } from './run-attempt.ts'
import {
  CheckpointSaved,
  EvaluationCompleted,
  LogWritten,
  MetricsRecorded,
  RunEvent,
  RunStatusChanged,
} from './run-event.ts'
import { RunStudent } from './run-student.ts'
import { Bytes, DateTime, JSONValue } from './scalars.ts'
import { Student } from './student.ts'
import { Subscription } from './subscription.ts'
import { Team } from './team.ts'
import { Export, ModelAlias, Trained } from './trained.ts'
import { Upload } from './upload.ts'
import { Viewer } from './viewer.ts'

const SDL = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8')

const resolvers: Resolvers = {
  Bytes,
  DateTime,
  JSON: JSONValue,
  Node,
  Query,
  Mutation,
  Subscription,
  Viewer,
  Team,
  Member,
  Upload,
  Dataset,
  DatasetVersion,
  ImportReport,
  DatasetOverview,
  Duplicates,
  Cohort,
  Student,
  Run,
  RunStudent,
  RunEvent,
  RunStatusChanged,
  MetricsRecorded,
  EvaluationCompleted,
  LogWritten,
  CheckpointSaved,
  RunAttempt,
  Trained,
  Model,
  Ensemble,
  Export,
  ModelAlias,
}

/** schema.graphql with its resolvers. Fields without one are read off the row behind their type. */
export function createSchema(): GraphQLSchema {
  return makeExecutableSchema<unknown>({ typeDefs: SDL, resolvers })
}
