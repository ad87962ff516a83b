// What is generated from schema.graphql: resolver types for the server, typed documents for the web and for the
// `studyhall` command, and the possible types of interfaces and unions for the browser's cache. Paths are relative to the checkout's root.

const DOCUMENT_CONFIG = {
  scalars: { DateTime: 'string', JSON: 'unknown', Bytes: 'number' },
  useTypeImports: true,
  // Otherwise omitted input fields would have to be given as null.
  avoidOptionals: false,
  dedupeFragments: true,
}

export const outputs = {
  'server/graphql/generated/resolvers.ts': {
    plugins: ['typescript', 'typescript-resolvers'],
    config: {
      scalars: {
        DateTime: { input: 'string', output: 'Date | string' },
        JSON: { input: 'unknown', output: 'unknown' },
        Bytes: { input: 'number', output: 'number | bigint' },
      },
      contextType: '../transport/context.ts#Context',
      mappers: listMappers(),
      enumsAsTypes: true,
      useTypeImports: true,
      useIndexSignature: false,
      makeResolverTypeCallable: true,
    },
  },
  'web/graphql/generated/operations.ts': {
    plugins: ['typescript-operations', 'typed-document-node'],
    documentsIn: 'web',
    config: DOCUMENT_CONFIG,
  },
  'cli/studyhall/api/generated/operations.ts': {
    plugins: ['typescript-operations', 'typed-document-node'],
    documentsIn: 'cli',
    config: DOCUMENT_CONFIG,
  },
  'web/graphql/generated/possible-types.ts': {
    plugins: ['fragment-matcher'],
    config: { apolloClientVersion: 3, deterministic: true },
  },
}

/** The source object of each schema type in resolvers, if it differs from the type's own shape. */
function listMappers() {
  return {
    ...rowsOf('User', 'Team', 'Member', 'Invitation', 'ShareLink', 'ApiKey', 'ServiceAccount'),
    ...rowsOf('Upload', 'GivenWeights'),
    ...rowsOf('Dataset', 'DatasetVersion', 'Cohort', 'Student'),
    ...rowsOf('Run', 'RunExplanation', 'RunView', 'RunAttempt', 'Checkpoint', 'Experiment'),
    ...rowsOf('AuditEvent'),
    ...rowsOf('Model', 'Ensemble', 'Artifact', 'Export', 'ModelAlias'),
    ...rowsOf('Notice', 'Webhook', 'WebhookDelivery', 'WebhookAttempt'),
    NoticesChange: '../../live/notice-feed.ts#NoticesChange as NoticesChangeSource',
    Viewer: '../../access/actor.ts#Actor',
    Instance: '../../use-cases/instance/read-instance.ts#Instance as InstanceSource',
    InstanceTeam: '../../use-cases/instance/read-all-teams.ts#InstanceTeam as InstanceTeamRow',
    Mail: '../../use-cases/instance/read-instance.ts#WaitingMail',
    ImportReport: '../../../contract/import-report.ts#ImportReport as StoredImportReport',
    PicturePlace: '../../blobs/pictures.ts#PlacedPicture',
    RunEvent: '../../../contract/runs/run-events.ts#RunEventRecord',
    ExperimentResults:
      '../../use-cases/experiments/read-results.ts#ExperimentResults as ExperimentResultsRead',
    LogLine: '../../use-cases/runs/read-log.ts#LogLine as LogLineRow',
    RunLoad: '../../../contract/runs/run-events.ts#RunLoad as RecordedLoad',
    RunFork: '../../use-cases/forks/read-fork.ts#RunFork as RunForkRead',
    RunGroup: '../../use-cases/run-lists/read-run-groups.ts#RunGroup as RunGroupRow',
    TeamQueue: '../../use-cases/workers/read-queue.ts#TeamQueue as TeamQueueRow',
    TradeOffs: '../../use-cases/models/read-trade-offs.ts#TradeOffs as TradeOffsRead',
    Worker: '../../use-cases/workers/list-workers.ts#ListedWorker',
    ...sourcesOf('DatasetOverview', 'Duplicates', 'RunStudent', 'TrainedModel', 'ExperimentTrial'),
    ...sourcesOf('SharedPage', 'SharedRun', 'SharedExperiment', 'SharedModel'),
    ...sourcesOf(
      'RunStatusChanged',
      'MetricsRecorded',
      'EvaluationCompleted',
      'LogWritten',
      'CheckpointSaved',
      'AlarmChanged',
    ),
    ...sourcesOf('GivenWeightsConnection'),
    ...sourcesOf('DatasetConnection', 'CohortConnection', 'RunConnection', 'ModelConnection'),
    ...sourcesOf('InstancePersonConnection', 'InstanceTeamConnection'),
    ...sourcesOf('ExperimentConnection', 'NoticeConnection', 'WebhookDeliveryConnection'),
    ...sourcesOf('AuditEventConnection'),
    ...sourcesOf('TrainedModelConnection', 'LogLineConnection', 'RetrievalQueryConnection'),
    ...sourcesOf('TestPictureConnection'),
  }
}

/** Types whose source is the database row of the same name. */
function rowsOf(...names) {
  return Object.fromEntries(names.map((name) => [name, `../../../prisma/client.ts#${name} as ${name}Row`]))
}

/** Types whose source is defined in server/graphql/sources.ts. */
function sourcesOf(...names) {
  return Object.fromEntries(names.map((name) => [name, `../sources.ts#${name}Source`]))
}
