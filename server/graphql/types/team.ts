import { typeOfId } from '../../../contract/ids.ts'
import { roleOf } from '../../access/actor.ts'
import { isAdministrator } from '../../access/administrator.ts'
import { PROVIDER_ID } from '../../access/sign-in/provider.ts'
import { hasAccountBy } from '../../use-cases/account/has-account-by.ts'
import { readOwnedAlone } from '../../use-cases/account/read-owned-alone.ts'
import { permitAudit, readAudit } from '../../use-cases/audit/read-audit.ts'
import { readActorBudget } from '../../use-cases/budgets/key-budget.ts'
import { readCohorts } from '../../use-cases/cohorts/read-cohorts.ts'
import { readDatasets } from '../../use-cases/datasets/read-datasets.ts'
import { estimateExperiment } from '../../use-cases/experiments/estimate-experiment.ts'
import { readExperiment, readExperiments } from '../../use-cases/experiments/read-experiments.ts'
import { readGivenWeights } from '../../use-cases/given-weights/read-given-weights.ts'
import { readInvitations } from '../../use-cases/members/pending-invitations.ts'
import { readModels } from '../../use-cases/models/read-models.ts'
import { readRegistry } from '../../use-cases/models/read-registry.ts'
import { readTradeOffs } from '../../use-cases/models/read-trade-offs.ts'
import { readUsage } from '../../use-cases/quotas/read-usage.ts'
import { readRunGroups } from '../../use-cases/run-lists/read-run-groups.ts'
import { readRunNeighbours, readRuns } from '../../use-cases/run-lists/read-runs.ts'
import { readRunViews } from '../../use-cases/run-lists/run-views.ts'
import { readRun } from '../../use-cases/runs/read-run.ts'
import { readServiceAccounts } from '../../use-cases/service-accounts/read-service-accounts.ts'
import { readShareLinks } from '../../use-cases/sharing/read-share-links.ts'
import { estimateRun } from '../../use-cases/speeds/estimate-run.ts'
import { readNetworks } from '../../use-cases/speeds/read-networks.ts'
import { readApiKeys } from '../../use-cases/teams/read-api-keys.ts'
import { readTeams } from '../../use-cases/teams/read-team.ts'
import { searchTeam } from '../../use-cases/teams/search-team.ts'
import { readWebhooks } from '../../use-cases/webhooks/read-webhooks.ts'
import type {
  InvitationResolvers,
  MemberResolvers,
  RunGroupResolvers,
  SearchResultResolvers,
  TeamResolvers,
  TradeOffsResolvers,
  ViewerResolvers,
} from '../generated/resolvers.ts'
import { viewerNotices } from './notice.ts'

export const Viewer: ViewerResolvers = {
  ...viewerNotices,
  user: ({ userId }, _, { loaders }) => loaders.user.load(userId),
  budget: (actor, _, { services }) => readActorBudget(services.database, actor),
  teams: (actor, _, { services }) => readTeams(services.database, actor),
  async ownedAlone(actor, _, { services }) {
    if (actor.kind !== 'session') return []
    return (await readOwnedAlone(services.database, actor.userId)).withOthers
  },
  apiKey: (actor, _, { services: { database } }) =>
    actor.kind === 'apiKey' ? database.apiKey.findUniqueOrThrow({ where: { id: actor.apiKeyId } }) : null,
  timeZone: async ({ userId }, _, { loaders }) => (await loaders.user.load(userId)).timeZone,
  twoFactorEnabled: async ({ userId }, _, { loaders }) => (await loaders.user.load(userId)).twoFactorEnabled,
  hasPassword: ({ userId }, _, { services }) => hasAccountBy(services.database, userId, 'credential'),
  isLinkedToProvider: ({ userId }, _, { services }) => hasAccountBy(services.database, userId, PROVIDER_ID),
  isAdministrator: (actor, _, { services }) => isAdministrator(services.database, actor),
}

export const Team: TeamResolvers = {
  async viewerRole({ id }, _, { actor, loaders }) {
    const member = await loaders.membership.load(id)
    if (!actor || !member) throw new Error('a team was shown to somebody who is no member')
    return roleOf(actor, member)
  },
  members: ({ id }, _, { loaders }) => loaders.membersOfTeam.load(id),
  datasets: ({ id }, page, { services }) => readDatasets(services.database, id, page),
  givenWeights: ({ id }, page, { services }) => readGivenWeights(services.database, id, page),
  cohorts: ({ id }, page, { services }) => readCohorts(services.database, id, page),
  runs: ({ id }, page, { services }) => readRuns(services.database, id, page),
  runGroups: ({ id }, filter, { services }) => readRunGroups(services.database, id, filter),
  runNeighbours: ({ id }, list, { services }) => readRunNeighbours(services.database, id, list),
  runViews: ({ id }, _, { services }) => readRunViews(services.database, id),
  run: ({ id }, { number }, { services }) => readRun(services.database, id, number),
  experiments: ({ id }, page, { services }) => readExperiments(services.database, id, page),
  experiment: ({ id }, { number }, { services }) => readExperiment(services.database, id, number),
  experimentEstimate: ({ id }, input, { services, actor }) => estimateExperiment(services, actor, id, input),
  models: ({ id }, page, { services }) => readModels(services.database, id, page),
  registry: ({ id }, page, { services }) => readRegistry(services.database, id, page),
  runEstimate: ({ id }, wanted, { services }) => estimateRun(services.database, id, wanted),
  networks: ({ id }, { datasetVersionId }, { services }) =>
    readNetworks(services.database, id, datasetVersionId ?? null),
  tradeOffs: ({ id }, wanted, { services }) => readTradeOffs(services.database, id, wanted),
  search: ({ id }, { text, first }, { services }) =>
    searchTeam(services.database, id, { text, first: first ?? 5 }),
  invitations: ({ id }, _, { actor, services: { database } }) => readInvitations(database, actor, id),
  quotas: ({ id }, _, { loaders }) => loaders.quotasOfTeam.load(id),
  storedBytes: ({ id }, _, { loaders }) => loaders.storedOfTeam.load(id),
  deviceHours: ({ id }, range, { services }) => readUsage(services.database, id, range),
  async auditEvents({ id: teamId }, { filter, ...page }, { actor, services: { database } }) {
    await permitAudit(database, actor, { teamId })
    return readAudit(database, { teamId }, filter ?? {}, page)
  },
  shareLinks: ({ id }, { of }, { actor, services: { database } }) =>
    readShareLinks(database, actor, id, of ?? null),
  serviceAccounts: ({ id }, _, { actor, services: { database } }) => readServiceAccounts(database, actor, id),
  apiKeys: ({ id }, _, { actor, services: { database } }) => readApiKeys(database, actor, id),
  webhooks: ({ id }, _, { actor, services: { database } }) => readWebhooks(database, actor, id),
}

export const RunGroup: RunGroupResolvers = {
  newestRun: ({ newestId }, _, { loaders }) => loaders.run.load(newestId),
  cohort: ({ cohortId }, _, { loaders }) => (cohortId === null ? null : loaders.cohort.load(cohortId)),
  experiment: ({ experimentId }, _, { loaders }) =>
    experimentId === null ? null : loaders.experiment.load(experimentId),
  datasetVersion: ({ datasetVersionId }, _, { loaders }) =>
    datasetVersionId === null ? null : loaders.datasetVersion.load(datasetVersionId),
}

export const TradeOffs: TradeOffsResolvers = {
  dataset: ({ datasetId }, _, { loaders }) => loaders.dataset.load(datasetId),
}

export const SearchResult: SearchResultResolvers = {
  __resolveType: ({ id }) => typeOfId(id) as SearchResultName,
}

type SearchResultName = 'Dataset' | 'Cohort' | 'Run' | 'Experiment' | 'Model' | 'Ensemble'

export const Member: MemberResolvers = {
  user: ({ userId }, _, { loaders }) => loaders.user.load(userId),
  joinedAt: ({ createdAt }) => createdAt,
}

export const Invitation: InvitationResolvers = {
  invitedBy: ({ createdById }, _, { loaders }) => loaders.user.load(createdById),
}
