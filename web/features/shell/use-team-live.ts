import { useApolloClient, useQuery } from '@apollo/client/react'
import { TeamChangedDocument, ViewerDocument } from '../../graphql/generated/operations.ts'
import { useLive } from '../../graphql/use-live.ts'

/**
 * Looks again at who one is, what one may, and where it is shown, who else belongs to the team, whenever the team has changed, and whenever its stream breaks off: it does so
 * within seconds where one was removed, signed out elsewhere, or the team was deleted.
 */
export function useTeamLive(teamId: string): void {
  const client = useApolloClient()
  const { refetch } = useQuery(ViewerDocument, { fetchPolicy: 'cache-only' })
  // One that fails is made again when the stream comes back.
  const lookAgain = () => {
    void refetch().catch(() => {})
    for (const query of client.getObservableQueries('active'))
      if (query.queryName === 'Members') void query.refetch().catch(() => {})
  }
  useLive(TeamChangedDocument, teamId, {
    variables: () => ({ teamId }),
    onData: lookAgain,
    onReconnect: lookAgain,
    onComplete: lookAgain,
  })
}
