'use client'

import { createContext, useContext } from 'react'
import type { TeamLinkFragment } from './graphql/generated/operations.ts'

export interface TeamPlace {
  team: TeamLinkFragment
  /** Where its pages begin: `/slug`. */
  base: string
  /** False for a VIEWER, who looks and downloads, and in a team that is about to be deleted. */
  mayChange: boolean
  mayAdminister: boolean
}

export const TeamContext = createContext<TeamPlace | null>(null)

/** The team whose page this is. */
export function useTeam(): TeamPlace {
  const place = useContext(TeamContext)
  if (!place) throw new Error('useTeam is for what lies within a team’s pages.')
  return place
}

export function placeOf(team: TeamLinkFragment): TeamPlace {
  const changes = !team.deletionDueAt
  return {
    team,
    base: `/${team.slug}`,
    mayChange: changes && team.viewerRole !== 'VIEWER',
    mayAdminister: changes && (team.viewerRole === 'OWNER' || team.viewerRole === 'ADMIN'),
  }
}
