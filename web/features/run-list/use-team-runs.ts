'use client'

import { useApolloClient } from '@apollo/client/react'
import { useRef } from 'react'
import type { RunStatus } from '../../../contract/runs/run-states.ts'
import { RunChangeFragmentDoc, TeamRunsDocument } from '../../graphql/generated/operations.ts'
import { useLive } from '../../graphql/use-live.ts'
import { isListStale, type RunList } from './is-list-stale.ts'

/**
 * Updates the rows of a list of a team's runs live.
 * @param list  null until it is loaded
 * @param onStale  called when the list itself has to be refetched
 */
export function useTeamRuns(teamId: string, list: RunList | null, onStale: () => void) {
  const client = useApolloClient()
  const shown = useRef(list)
  shown.current = list
  // A run that a list does not show would otherwise have it refetched at every step of its progress.
  const told = useRef(new Map<string, RunStatus>())
  return useLive(TeamRunsDocument, teamId, {
    variables: () => ({ teamId }),
    onData: ({ teamRuns }) => {
      const isNews = told.current.get(teamRuns.id) !== teamRuns.status
      told.current.set(teamRuns.id, teamRuns.status)
      // Checked before the cache is written, because the list would then already include the change.
      const stale = shown.current !== null && isListStale(shown.current, teamRuns)
      client.cache.writeFragment({
        fragment: RunChangeFragmentDoc,
        fragmentName: 'RunChange',
        data: teamRuns,
      })
      if (stale && (isNews || shown.current?.isNewestFirst)) onStale()
    },
    onReconnect: onStale,
  })
}
