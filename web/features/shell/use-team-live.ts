import { useQuery } from '@apollo/client/react'
import { TeamChangedDocument, ViewerDocument } from '../../graphql/generated/operations.ts'
import { useLive } from '../../graphql/use-live.ts'

/**
 * Looks again at who one is and what one may whenever the team has changed, and whenever its stream breaks off: it does so
 * within seconds where one was removed, signed out elsewhere, or the team was deleted.
 */
export function useTeamLive(teamId: string): void {
  const { refetch } = useQuery(ViewerDocument, { fetchPolicy: 'cache-only' })
  // One that fails is made again when the stream comes back.
  const lookAgain = () => void refetch().catch(() => {})
  useLive(TeamChangedDocument, teamId, {
    variables: () => ({ teamId }),
    onData: lookAgain,
    onReconnect: lookAgain,
    onComplete: lookAgain,
  })
}
