import { type IdType, newId } from '../../../contract/ids.ts'
import { insertExperiment } from '../experiment-rows.ts'
import { insertFinishedRun } from '../rows.ts'
import type { Person, TestServer } from '../test-server.ts'
import { insertWeights } from '../weights-rows.ts'

/** Mails are the instance’s, and no team’s; what the audit log has is named by nothing. */
export type TeamIdType = Exclude<IdType, 'Mail' | 'AuditEvent'>

const RUN_CANCELED = {
  kind: 'RUN_CANCELED',
  data: {
    run: { id: 'run', number: 1 },
    cohort: { id: 'cohort', name: 'cohort' },
    dataset: { id: 'dataset', name: 'dataset', version: 1 },
    startedBy: { id: 'user', name: 'Ada' },
    experiment: null,
    seconds: null,
  },
} as const

/** One of everything that a team can have. @returns the ids, by type */
export async function insertEverything(
  server: TestServer,
  owner: Person,
): Promise<Record<TeamIdType, string>> {
  const made = await insertFinishedRun(server.database, server.storage, owner)
  const input = { teamId: owner.teamId, name: 'k' }
  const { apiKey } = await owner.api.mutate('createApiKey', input, 'apiKey { id }')
  const account = { teamId: owner.teamId, name: 'Nightly', role: 'MEMBER' }
  const { serviceAccount } = await owner.api.mutate('createServiceAccount', account, 'serviceAccount { id }')
  const { runView } = await owner.api.mutate('saveRunView', { ...input, search: '' }, 'runView { id }')
  const invite = { teamId: owner.teamId, role: 'VIEWER' }
  const { invitation } = await owner.api.mutate('createInvitation', invite, 'invitation { id }')
  const hook = { teamId: owner.teamId, url: 'https://hooks.example.org/', kinds: ['RUN_FAILED'] }
  const { webhook } = await owner.api.mutate('createWebhook', hook, 'webhook { id }')
  const deliveryId = newId('WebhookDelivery')
  const delivered = { status: 'DELIVERED', eventName: 'test', body: '{}' } as const
  await server.database.webhookDelivery.create({
    data: { id: deliveryId, teamId: owner.teamId, webhookId: webhook.id, ...delivered },
  })
  const eventId = newId('TeamEvent')
  const told = { dispatchedAt: new Date(), ...RUN_CANCELED }
  await server.database.teamEvent.create({ data: { id: eventId, teamId: owner.teamId, ...told } })
  const noticeId = newId('Notice')
  const notice = { teamId: owner.teamId, userId: owner.userId, eventId, inBrowser: false }
  await server.database.notice.create({ data: { id: noticeId, ...notice } })
  const share = { subjectId: made.runId }
  const { shareLink } = await owner.api.mutate('createShareLink', share, 'shareLink { id }')
  const member = await server.database.member.findFirstOrThrow({
    where: { teamId: owner.teamId, userId: owner.userId },
  })
  return {
    Team: owner.teamId,
    Member: member.id,
    Invitation: invitation.id,
    ShareLink: shareLink.id,
    ApiKey: apiKey.id,
    ServiceAccount: serviceAccount.id,
    Upload: made.uploadId,
    GivenWeights: await insertWeights(server.database, owner, made),
    Dataset: made.datasetId,
    DatasetVersion: made.versionId,
    Cohort: made.cohortId,
    Student: made.studentIds[0]!,
    Run: made.runId,
    Experiment: await insertExperiment(server.database, owner, made),
    RunView: runView.id,
    Model: made.modelId,
    Ensemble: made.ensembleId,
    Artifact: made.artifactId,
    Export: made.exportId,
    TeamEvent: eventId,
    Notice: noticeId,
    Webhook: webhook.id,
    WebhookDelivery: deliveryId,
  }
}
