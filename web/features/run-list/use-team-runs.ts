'use client'

import { useApolloClient } from '@apollo/client/react'
import { useRef } from 'react'
import { RunRowFragmentDoc, TeamRunsDocument } from '../../graphql/generated/operations.ts'
import { useLive } from '../../graphql/use-live.ts'

/** Keeps the rows of a team's runs as they change; calls `onNew` for a run that the list does not know yet. */
export function useTeamRuns(teamId: string, knownIds: string[], onNew: () => void) {
  const client = useApolloClient()
  const known = useRef(knownIds)
  known.current = knownIds
  return useLive(TeamRunsDocument, teamId, {
    variables: () => ({ teamId }),
    onData: ({ teamRuns }) => {
      client.cache.writeFragment({ fragment: RunRowFragmentDoc, fragmentName: 'RunRow', data: teamRuns })
      if (!known.current.includes(teamRuns.id)) onNew()
    },
  })
}
