import { readFileSync } from 'node:fs'
import { makeExecutableSchema } from '@graphql-tools/schema'
import type { GraphQLSchema } from 'graphql'
import type { Resolvers } from './generated/resolvers.ts'
import { Cohort } from './types/cohort.ts'
import { Dataset } from './types/dataset.ts'
import { DatasetOverview, Duplicates } from './types/dataset-overview.ts'
import { DatasetVersion } from './types/dataset-version.ts'
import { Ensemble } from './types/ensemble.ts'
import { ImportReport } from './types/import-report.ts'
import { Member } from './types/member.ts'
import { Model } from './types/model.ts'
import { Mutation } from './types/mutation.ts'
import { Node } from './types/node.ts'
import { Query } from './types/query.ts'
import { Run } from './types/run.ts'
import { RunAttempt } from './types/run-attempt.ts'
import {
  CheckpointSaved,
  EvaluationCompleted,
  LogWritten,
  MetricsRecorded,
  RunEvent,
  RunStatusChanged,
} from './types/run-event.ts'
import { RunStudent } from './types/run-student.ts'
import { Bytes, DateTime, JSONValue } from './types/scalars.ts'
import { Student } from './types/student.ts'
import { Subscription } from './types/subscription.ts'
import { Team } from './types/team.ts'
import { Export, ModelAlias, Trained } from './types/trained.ts'
import { Upload } from './types/upload.ts'
import { Viewer } from './types/viewer.ts'

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
