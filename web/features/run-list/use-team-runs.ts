'use client'

import { useApolloClient } from '@apollo/client/react'
import { useRef } from 'react'
import { RunChangeFragmentDoc, TeamRunsDocument } from '../../graphql/generated/operations.ts'
import { useLive } from '../../graphql/use-live.ts'
import { isListStale, type RunList } from './is-list-stale.ts'

/**
 * Keeps the rows of a list of a team's runs as they change and train.
 * @param list  null before it is there
 * @param onStale  called when the list itself must be read again
 */
export function useTeamRuns(teamId: string, list: RunList | null, onStale: () => void) {
  const client = useApolloClient()
  const shown = useRef(list)
  shown.current = list
  return useLive(TeamRunsDocument, teamId, {
    variables: () => ({ teamId }),
    onData: ({ teamRuns }) => {
      // Before the row is written: then the list knows it already.
      const stale = shown.current !== null && isListStale(shown.current, teamRuns)
      client.cache.writeFragment({
        fragment: RunChangeFragmentDoc,
        fragmentName: 'RunChange',
        data: teamRuns,
      })
      if (stale) onStale()
    },
    onReconnect: onStale,
  })
}
