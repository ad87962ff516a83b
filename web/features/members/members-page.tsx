'use client'

import { useQuery } from '@apollo/client/react'
import { Button } from '@mantine/core'
import { modals } from '@mantine/modals'
import { IconUserPlus } from '@tabler/icons-react'
import { NotLoaded } from '../../design/not-loaded.tsx'
import { PageHeader } from '../../design/page-header.tsx'
import { Panel } from '../../design/panel.tsx'
import { MembersDocument } from '../../graphql/generated/operations.ts'
import { useTeam } from '../../team-scope.ts'
import { InvitationsPanel } from './invitations-panel.tsx'
import { InviteDialog } from './invite-dialog.tsx'
import { MembersTable } from './members-table.tsx'

/** Who belongs to the team, and who is invited to it. */
export function MembersPage() {
  const { team, mayAdminister } = useTeam()
  const { data, error, refetch } = useQuery(MembersDocument, {
    variables: { slug: team.slug },
    fetchPolicy: 'cache-and-network',
  })
  const invite = () =>
    modals.open({
      modalId: 'invite',
      title: 'Invite to the team',
      children: <InviteDialog teamId={team.id} own={team.viewerRole} />,
    })
  const members = data?.team?.members
  return (
    <>
      <PageHeader
        title="Members"
        note={members && (members.length === 1 ? 'You alone so far' : `${members.length} people`)}
        actions={
          mayAdminister && (
            <Button leftSection={<IconUserPlus size={16} />} onClick={invite}>
              Invite
            </Button>
          )
        }
      />
      <div className="flex flex-col gap-6">
        <Panel flush>
          {members ? (
            <MembersTable members={members} ownUserId={data?.viewer?.user.id ?? ''} />
          ) : (
            <NotLoaded
              title="The members could not be loaded"
              error={error}
              onRetry={() => void refetch()}
              rows={2}
            />
          )}
        </Panel>
        {mayAdminister && data?.team && <InvitationsPanel invitations={data.team.invitations} />}
      </div>
    </>
  )
}
