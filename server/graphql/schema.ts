import { readFileSync } from 'node:fs'
import { makeExecutableSchema } from '@graphql-tools/schema'
import type { GraphQLSchema } from 'graphql'
import { auditMutations } from './audit-mutations.ts'
import type { Resolvers } from './generated/resolvers.ts'
import { guardArguments } from './guard-arguments.ts'
import { guardScopes } from './guard-scopes.ts'
import { makeOnce } from './make-once.ts'
import { Download, IdentifiedPicture, LabelSuspect, PicturePlace, TestPicture } from './types/addresses.ts'
import { ApiKey, ServiceAccount } from './types/api-key.ts'
import { AuditEvent } from './types/audit.ts'
import { Cohort, Student } from './types/cohort.ts'
import { Dataset, DatasetOverview, DatasetVersion, Duplicates, ImportReport } from './types/dataset.ts'
import { Experiment, ExperimentResults, ExperimentTrial } from './types/experiment.ts'
import { GivenWeights } from './types/given-weights.ts'
import { Instance, InstanceTeam } from './types/instance.ts'
import { Ensemble, Export, Model, ModelAlias, TrainedModel } from './types/model.ts'
import { Mutation } from './types/mutation.ts'
import { Notice } from './types/notice.ts'
import { Node, Query } from './types/query.ts'
import { Checkpoint, Run, RunAttempt, RunFork, RunLoad, RunStudent } from './types/run.ts'
import {
  AlarmChanged,
  CheckpointSaved,
  EvaluationCompleted,
  LogWritten,
  MetricsRecorded,
  RunEvent,
  RunStatusChanged,
} from './types/run-event.ts'
import { RunExplanation } from './types/run-explanation.ts'
import { Bytes, DateTime, JSONValue } from './types/scalars.ts'
import { SharedExperiment, SharedModel, SharedPage, SharedRun, ShareLink } from './types/shared.ts'
import { Subscription } from './types/subscription.ts'
import { Invitation, Member, RunGroup, SearchResult, Team, TradeOffs, Viewer } from './types/team.ts'
import { Upload } from './types/upload.ts'
import { Webhook, WebhookDelivery } from './types/webhook.ts'
import { TeamQueue } from './types/worker.ts'

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
  Instance,
  InstanceTeam,
  AuditEvent,
  Team,
  Member,
  ApiKey,
  ServiceAccount,
  Invitation,
  ShareLink,
  SharedPage,
  SharedRun,
  SharedExperiment,
  SharedModel,
  SearchResult,
  Upload,
  GivenWeights,
  Dataset,
  DatasetVersion,
  ImportReport,
  DatasetOverview,
  Duplicates,
  Cohort,
  Student,
  Experiment,
  ExperimentTrial,
  ExperimentResults,
  Run,
  RunGroup,
  TradeOffs,
  RunStudent,
  RunEvent,
  RunStatusChanged,
  MetricsRecorded,
  EvaluationCompleted,
  LogWritten,
  AlarmChanged,
  CheckpointSaved,
  Checkpoint,
  RunAttempt,
  RunFork,
  RunLoad,
  RunExplanation,
  TrainedModel,
  Model,
  Ensemble,
  Export,
  Download,
  IdentifiedPicture,
  LabelSuspect,
  PicturePlace,
  TestPicture,
  ModelAlias,
  Notice,
  Webhook,
  WebhookDelivery,
  TeamQueue,
}

/** schema.graphql with its resolvers. Fields without one are read off the row behind their type. */
export function createSchema(): GraphQLSchema {
  const schema = makeExecutableSchema<unknown>({ typeDefs: SDL, resolvers })
  return auditMutations(guardScopes(makeOnce(guardArguments(schema))))
}
