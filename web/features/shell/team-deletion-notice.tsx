'use client'

import { Alert, Button, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconTrash } from '@tabler/icons-react'
import { formatInstant } from '../../design/format-time.ts'
import { KeepTeamDocument } from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'
import { useTeam } from '../../team-scope.ts'

/** On every page of a team that is about to be deleted. */
export function TeamDeletionNotice() {
  const { team } = useTeam()
  const [keep, busy] = useMutationWithRetry(KeepTeamDocument)
  if (!team.deletionDueAt) return null
  const keepIt = async () => {
    const answer = await keep({ input: { teamId: team.id } })
    for (const { message } of answer?.keepTeam.errors ?? []) notifications.show({ color: 'red', message })
  }
  return (
    <Alert
      icon={<IconTrash size={18} />}
      color="red"
      variant="light"
      mb="lg"
      title={`This team is deleted on ${formatInstant(team.deletionDueAt)}`}
    >
      <Text size="sm">
        Until then it can be looked at and downloaded from, and nothing of it changes.
        {team.viewerRole !== 'OWNER' && ' An owner can keep it.'}
      </Text>
      {team.viewerRole === 'OWNER' && (
        <Button size="xs" variant="default" mt="sm" loading={busy} onClick={() => void keepIt()}>
          Keep the team
        </Button>
      )}
    </Alert>
  )
}
