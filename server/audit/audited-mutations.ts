import type { AuditAction } from '../../contract/audit/actions.ts'
import type { SubjectType } from './subjects.ts'

/** What the log tells of a mutation. */
export interface Audited {
  action: AuditAction
  subject: SubjectType | 'Member' | 'TrainedModel'
  /** Whether the subject is what the mutation makes, what its input names, or the person who calls it. */
  by: 'made' | 'named' | 'self'
  /** Short fields of the input that tell what was wanted: never a secret, never a free text. */
  keep: readonly string[]
}

const made = (action: AuditAction, subject: Audited['subject'], keep: string[] = []): Audited => ({
  ...{ action, subject, keep },
  by: 'made',
})
const named = (action: AuditAction, subject: Audited['subject'], keep: string[] = []): Audited => ({
  ...{ action, subject, keep },
  by: 'named',
})

/** Every mutation of the schema: the server does not start without a line for each. */
export const AUDITED_MUTATIONS: Readonly<Record<string, Audited>> = {
  deleteAccount: { action: 'account.delete', subject: 'User', by: 'self', keep: [] },
  markNoticesRead: { action: 'account.notices-read', subject: 'User', by: 'self', keep: [] },
  chooseNotices: {
    ...{ action: 'account.notices-choose', subject: 'User', by: 'self' },
    keep: ['kind', 'channel', 'scope'],
  },
  setPushSubscription: { action: 'account.push', subject: 'User', by: 'self', keep: [] },
  createTeam: made('team.create', 'Team'),
  setTeamQuota: named('quota.set', 'Team'),
  renameTeam: named('team.rename', 'Team'),
  changeTeamAddress: named('team.address-change', 'Team'),
  deleteTeam: named('team.delete', 'Team'),
  keepTeam: named('team.keep', 'Team'),
  handOverTeam: named('team.hand-over', 'Member'),
  acceptInvitation: made('member.join', 'Team'),
  changeMemberRole: named('member.role-change', 'Member'),
  removeMember: named('member.remove', 'Member'),
  leaveTeam: named('member.leave', 'Team'),
  createInvitation: made('invitation.create', 'Invitation', ['role', 'maxUses', 'expiresInHours']),
  revokeInvitation: named('invitation.revoke', 'Invitation'),
  createShareLink: made('share-link.create', 'ShareLink', ['subjectId', 'expiresInDays', 'withFiles']),
  revokeShareLink: named('share-link.revoke', 'ShareLink'),
  createServiceAccount: made('service-account.create', 'ServiceAccount', ['role']),
  deleteServiceAccount: named('service-account.delete', 'ServiceAccount'),
  createApiKey: made('key.create', 'ApiKey', [
    ...['scopes', 'expiresInDays', 'serviceAccountId', 'maxRuns', 'maxDeviceMinutes'],
  ]),
  approveDevice: named('key.approve-device', 'Team', ['scopes', 'expiresInDays']),
  denyDevice: { action: 'key.deny-device', subject: 'User', by: 'self', keep: [] },
  revokeApiKey: named('key.revoke', 'ApiKey'),
  createWebhook: made('webhook.create', 'Webhook', ['kinds', 'format']),
  updateWebhook: named('webhook.update', 'Webhook', ['kinds', 'enabled']),
  deleteWebhook: named('webhook.delete', 'Webhook'),
  rotateWebhookSecret: named('webhook.rotate-secret', 'Webhook'),
  sendTestEvent: named('webhook.test', 'Webhook'),
  replayDelivery: named('webhook.replay', 'WebhookDelivery'),
  setAdministrator: named('person.administrator', 'User'),
  suspendPerson: named('person.suspend', 'User'),
  reactivatePerson: named('person.reactivate', 'User'),
  drainWorker: named('worker.drain', 'Worker', ['handsBack']),
  resumeWorker: named('worker.resume', 'Worker'),
  setDevicePrice: named('worker.price', 'Worker', ['device']),
  sendTrialMail: made('mail.trial', 'Mail'),
  createUpload: made('upload.create', 'Upload', ['byteLength']),
  cancelUpload: named('upload.cancel', 'Upload'),
  finalizeUpload: named('upload.finalize', 'Upload', ['sha256']),
  createGivenWeights: made('weights.create', 'GivenWeights'),
  updateGivenWeights: named('weights.update', 'GivenWeights'),
  deleteGivenWeights: named('weights.delete', 'GivenWeights'),
  createDataset: made('dataset.create', 'Dataset', ['format']),
  createSampleDataset: made('dataset.create', 'Dataset', ['sample']),
  deleteDataset: named('dataset.delete', 'Dataset'),
  createDatasetVersion: made('dataset-version.create', 'DatasetVersion', ['format']),
  editDatasetVersion: made('dataset-version.edit', 'DatasetVersion'),
  deleteDatasetVersion: named('dataset-version.delete', 'DatasetVersion'),
  cancelImport: named('dataset-version.cancel-import', 'DatasetVersion'),
  createCohort: made('cohort.create', 'Cohort'),
  startRun: made('run.start', 'Run', ['preset', 'seed']),
  cloneRun: made('run.clone', 'Run', ['runId', 'seed']),
  forkRun: made('run.fork', 'Run', ['runId', 'step']),
  cancelRun: named('run.cancel', 'Run'),
  pauseRun: named('run.pause', 'Run'),
  resumeRun: named('run.resume', 'Run'),
  retryRun: named('run.retry', 'Run', ['from']),
  setRunPriority: named('run.priority', 'Run'),
  updateRun: named('run.update', 'Run'),
  deleteRun: named('run.delete', 'Run'),
  cancelRuns: named('run.cancel', 'Run'),
  tagRuns: named('run.tag', 'Run', ['add', 'remove']),
  archiveRuns: named('run.archive', 'Run', ['archived']),
  followRun: named('run.follow', 'Run', ['follows']),
  saveRunView: made('run-view.save', 'RunView'),
  deleteRunView: named('run-view.delete', 'RunView'),
  setDefaultRunView: named('run-view.default', 'RunView', ['isDefault']),
  startExperiment: made('experiment.start', 'Experiment'),
  cancelExperiment: named('experiment.cancel', 'Experiment'),
  addExperimentSeeds: named('experiment.add-seeds', 'Experiment', ['seeds']),
  explainRun: named('run.explain', 'Run'),
  createExport: named('model.export', 'TrainedModel', ['format']),
  setModelAlias: named('model.set-alias', 'TrainedModel', ['name']),
  removeModelAlias: named('model.remove-alias', 'TrainedModel', ['name']),
  createDownload: named('download.link', 'TrainedModel', ['format']),
}
