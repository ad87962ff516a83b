import { deleteAccount } from '../../use-cases/account/delete-account.ts'
import { approveDevice, denyDevice } from '../../use-cases/devices/decide-device-request.ts'
import { acceptInvitation } from '../../use-cases/members/accept-invitation.ts'
import { changeMemberRole } from '../../use-cases/members/change-member-role.ts'
import { createInvitation } from '../../use-cases/members/create-invitation.ts'
import { handOverTeam } from '../../use-cases/members/hand-over-team.ts'
import { leaveTeam } from '../../use-cases/members/leave-team.ts'
import { removeMember } from '../../use-cases/members/remove-member.ts'
import { revokeInvitation } from '../../use-cases/members/revoke-invitation.ts'
import { setTeamQuota } from '../../use-cases/quotas/set-team-quota.ts'
import { createServiceAccount } from '../../use-cases/service-accounts/create-service-account.ts'
import { deleteServiceAccount } from '../../use-cases/service-accounts/delete-service-account.ts'
import { createShareLink } from '../../use-cases/sharing/create-share-link.ts'
import { revokeShareLink } from '../../use-cases/sharing/revoke-share-link.ts'
import { changeTeamAddress } from '../../use-cases/teams/change-team-address.ts'
import { createApiKey } from '../../use-cases/teams/create-api-key.ts'
import { createTeam } from '../../use-cases/teams/create-team.ts'
import { deleteTeam } from '../../use-cases/teams/delete-team.ts'
import { keepTeam } from '../../use-cases/teams/keep-team.ts'
import { renameTeam } from '../../use-cases/teams/rename-team.ts'
import { revokeApiKey } from '../../use-cases/teams/revoke-api-key.ts'
import type { MutationResolvers } from '../generated/resolvers.ts'
import { answer } from './answer.ts'

/** What changes a team, who belongs to it, and who they are. */
export const teamMutations = {
  deleteAccount: (_, { input }, { services, actor }) =>
    answer(async () => ({ deletedId: await deleteAccount(services, actor, input) })),
  createTeam: (_, { input }, { services, actor }) =>
    answer(async () => ({ team: await createTeam(services, actor, input) })),
  createApiKey: (_, { input }, { services, actor }) => answer(() => createApiKey(services, actor, input)),
  approveDevice: (_, { input }, { services, actor }) =>
    answer(async () => ({ device: await approveDevice(services, actor, input) })),
  denyDevice: (_, { input }, { services, actor }) =>
    answer(async () => ({ device: await denyDevice(services, actor, input) })),
  revokeApiKey: (_, { input }, { services, actor }) =>
    answer(async () => ({ apiKey: await revokeApiKey(services, actor, input) })),
  createServiceAccount: (_, { input }, { services, actor }) =>
    answer(async () => ({ serviceAccount: await createServiceAccount(services, actor, input) })),
  deleteServiceAccount: (_, { input }, { services, actor }) =>
    answer(async () => ({ deletedId: await deleteServiceAccount(services, actor, input) })),
  createInvitation: (_, { input }, { services, actor }) =>
    answer(() => createInvitation(services, actor, input)),
  revokeInvitation: (_, { input }, { services, actor }) =>
    answer(async () => ({ invitation: await revokeInvitation(services, actor, input) })),
  createShareLink: (_, { input }, { services, actor }) =>
    answer(() => createShareLink(services, actor, input)),
  revokeShareLink: (_, { input }, { services, actor }) =>
    answer(async () => ({ shareLink: await revokeShareLink(services, actor, input) })),
  acceptInvitation: (_, { input }, { services, actor }) =>
    answer(async () => ({ team: await acceptInvitation(services, actor, input) })),
  changeMemberRole: (_, { input }, { services, actor }) =>
    answer(async () => ({ member: await changeMemberRole(services, actor, input) })),
  removeMember: (_, { input }, { services, actor }) =>
    answer(async () => ({ deletedId: await removeMember(services, actor, input) })),
  leaveTeam: (_, { input }, { services, actor }) =>
    answer(async () => ({ deletedId: await leaveTeam(services, actor, input) })),
  handOverTeam: (_, { input }, { services, actor }) =>
    answer(async () => ({ team: await handOverTeam(services, actor, input) })),
  setTeamQuota: (_, { input }, { services, actor, loaders }) =>
    answer(async () => {
      const team = await setTeamQuota(services, actor, input)
      return { quotas: await loaders.quotasOfTeam.clear(team.id).load(team.id) }
    }),
  renameTeam: (_, { input }, { services, actor }) =>
    answer(async () => ({ team: await renameTeam(services, actor, input) })),
  changeTeamAddress: (_, { input }, { services, actor }) =>
    answer(async () => ({ team: await changeTeamAddress(services, actor, input) })),
  deleteTeam: (_, { input }, { services, actor }) =>
    answer(async () => ({ team: await deleteTeam(services, actor, input) })),
  keepTeam: (_, { input }, { services, actor }) =>
    answer(async () => ({ team: await keepTeam(services, actor, input) })),
} satisfies MutationResolvers
