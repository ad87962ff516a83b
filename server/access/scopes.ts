import type { KeyScope } from '../../contract/key-scopes.ts'
import { AppError } from '../errors.ts'
import type { Actor } from './actor.ts'

/** The scope that a key needs, or PERSON where no key will do, whatever its scopes. */
export type NeededScope = KeyScope | 'PERSON'

/** The addresses that take a key beside /graphql. */
export const ROUTE_SCOPES = {
  '/schema.graphql': 'READ',
  '/uploads': 'UPLOAD',
  '/files': 'READ',
  '/mcp': 'READ',
  '/thumbnails': 'READ',
  '/pictures': 'READ',
} as const satisfies Record<string, KeyScope>

/**
 * What a key needs for each operation of the schema. It says what a script may be trusted with; what its owner may do is
 * asked by `permit` all the same. An operation that is missing here keeps the server from starting.
 */
export const OPERATION_SCOPES: Record<'Query' | 'Mutation' | 'Subscription', Record<string, NeededScope>> = {
  Query: {
    ...each('READ', 'viewer', 'node', 'nodes', 'team', 'invitation', 'instance', 'workers'),
    ...each('READ', 'capacity', 'queue', 'devicePrices'),
    ...each('READ', 'shared', 'sharedPreview', 'rateLimit'),
    ...each('READ', 'architectures', 'datasetFormats', 'recipePresets', 'experimentTemplates', 'signIn'),
    deviceRequest: 'PERSON',
  },
  Subscription: {
    ...each('READ', 'runEvents', 'datasetVersionChanged', 'teamRuns', 'teamChanged'),
    noticesChanged: 'PERSON',
  },
  Mutation: {
    createDownload: 'READ',
    ...each('UPLOAD', 'createUpload', 'cancelUpload', 'finalizeUpload', 'createSampleDataset'),
    ...each('UPLOAD', 'createGivenWeights', 'updateGivenWeights', 'deleteGivenWeights'),
    ...each('UPLOAD', 'createDataset', 'createDatasetVersion', 'editDatasetVersion', 'cancelImport'),
    ...each('UPLOAD', 'deleteDatasetVersion', 'deleteDataset'),
    ...each('RUN', 'createCohort', 'startRun', 'cloneRun', 'retryRun', 'cancelRun', 'cancelRuns'),
    ...each('RUN', 'pauseRun', 'resumeRun', 'setRunPriority', 'updateRun', 'deleteRun', 'tagRuns'),
    ...each('RUN', 'archiveRuns', 'saveRunView', 'deleteRunView', 'setDefaultRunView'),
    ...each('RUN', 'forkRun', 'startExperiment', 'addExperimentSeeds', 'cancelExperiment'),
    ...each('RUN', 'explainRun', 'createExport', 'setModelAlias', 'removeModelAlias', 'followRun'),
    ...each('ADMIN', 'createInvitation', 'revokeInvitation', 'changeMemberRole', 'removeMember'),
    ...each('ADMIN', 'renameTeam', 'revokeApiKey', 'createWebhook', 'updateWebhook', 'deleteWebhook'),
    ...each('ADMIN', 'rotateWebhookSecret', 'sendTestEvent', 'replayDelivery'),
    ...each('ADMIN', 'createServiceAccount', 'deleteServiceAccount'),
    // A key that made keys would outlive its own end.
    ...each('PERSON', 'createApiKey', 'approveDevice', 'denyDevice'),
    // What the world may see is a person's to say.
    ...each('PERSON', 'createShareLink', 'revokeShareLink'),
    ...each('PERSON', 'changeTeamAddress', 'deleteTeam', 'keepTeam', 'handOverTeam'),
    ...each('PERSON', 'markNoticesRead', 'chooseNotices', 'setPushSubscription'),
    ...each('PERSON', 'setAdministrator', 'setTeamQuota', 'suspendPerson', 'reactivatePerson'),
    ...each('PERSON', 'drainWorker', 'resumeWorker', 'setDevicePrice'),
    ...each('PERSON', 'createTeam', 'leaveTeam', 'acceptInvitation', 'deleteAccount', 'sendTrialMail'),
  },
}

function each(scope: NeededScope, ...operations: string[]): Record<string, NeededScope> {
  return Object.fromEntries(operations.map((operation) => [operation, scope]))
}

/**
 * Lets sessions pass, and whoever is nobody: what follows asks who they are.
 * @param what  is done, for the message: `startRun`, `/uploads`
 * @throws AppError FORBIDDEN where a key lacks the scope, named in the message
 */
export function requireScope(actor: Actor | null, needed: NeededScope, what: string): void {
  if (actor?.kind !== 'apiKey') return
  if (needed === 'PERSON')
    throw new AppError('FORBIDDEN', `${what} takes somebody who is signed in; no API key may do it.`)
  if (actor.scopes.includes(needed)) return
  throw new AppError(
    'FORBIDDEN',
    `This API key lacks the scope ${needed}, which ${what} takes; it has ${actor.scopes.join(', ')}. An admin of the team can make a key with ${needed} under Settings.`,
  )
}
