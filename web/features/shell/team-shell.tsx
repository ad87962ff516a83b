'use client'

import { useQuery } from '@apollo/client/react'
import { Skeleton } from '@mantine/core'
import { useRouter } from 'next/navigation'
import { type ReactNode, useEffect } from 'react'
import { ErrorNotice } from '../../design/error-notice.tsx'
import { setTimeZone } from '../../design/time-zone.ts'
import { ViewerDocument, type ViewerQuery } from '../../graphql/generated/operations.ts'
import { placeOf, TeamContext } from '../../team-scope.ts'
import { Bell } from '../notices/bell.tsx'
import { useNoticesLive } from '../notices/use-notices-live.ts'
import { signInPath } from '../session/sign-in-path.ts'
import { rememberTeam } from '../team/last-team.ts'
import { TeamSwitcher } from '../team/team-switcher.tsx'
import { CommandPalette } from './command-palette.tsx'
import { MovedTeam } from './moved-team.tsx'
import { Navigation } from './navigation.tsx'
import { ShellFrame } from './shell-frame.tsx'
import { TeamDeletionNotice } from './team-deletion-notice.tsx'
import { useGoKeys } from './use-go-keys.ts'
import { useTeamLive } from './use-team-live.ts'
import { UserMenu } from './user-menu.tsx'

/** Around every page of a team: who is asking, which team, where else one can go. */
export function TeamShell({ slug, children }: { slug: string; children: ReactNode }) {
  const { data, error, refetch } = useQuery(ViewerDocument)
  const router = useRouter()
  setTimeZone(data?.viewer?.timeZone ?? null)
  const signedOut = data !== undefined && data.viewer === null
  useEffect(() => {
    if (signedOut) router.replace(signInPath(location))
  }, [signedOut, router])

  if (error && !data) {
    return (
      <main className="mx-auto max-w-xl p-8">
        <ErrorNotice title="Studyhall could not be loaded" error={error} onRetry={() => void refetch()} />
      </main>
    )
  }
  if (!data?.viewer) return <WaitingShell slug={slug} />
  const team = data.viewer.teams.find((candidate) => candidate.slug === slug)
  if (!team) return <MovedTeam slug={slug} />
  return (
    <TeamFrame viewer={data.viewer} team={team}>
      {children}
    </TeamFrame>
  )
}

type Viewer = NonNullable<ViewerQuery['viewer']>

function TeamFrame({
  viewer,
  team,
  children,
}: {
  viewer: Viewer
  team: Viewer['teams'][number]
  children: ReactNode
}) {
  const place = placeOf(team)
  useGoKeys(place.base)
  useTeamLive(team.id)
  const unread = useNoticesLive()
  useEffect(() => rememberTeam(team.slug), [team.slug])
  return (
    <TeamContext value={place}>
      <CommandPalette slug={team.slug} />
      <ShellFrame
        title={team.name}
        base={place.base}
        corner={<Bell unread={unread} position="bottom-end" />}
        sidebar={(close) => (
          <>
            <TeamSwitcher team={team} teams={viewer.teams} />
            <Navigation base={place.base} onNavigate={close} />
            <div className="flex items-center gap-1">
              <div className="min-w-0 flex-1">
                <UserMenu viewer={viewer} />
              </div>
              <div className="max-sm:hidden">
                <Bell unread={unread} position="right-end" />
              </div>
            </div>
          </>
        )}
      >
        <TeamDeletionNotice />
        {children}
      </ShellFrame>
    </TeamContext>
  )
}

function WaitingShell({ slug }: { slug: string }) {
  return (
    <ShellFrame
      title="Studyhall"
      base={`/${slug}`}
      sidebar={() => (
        <div className="flex flex-col gap-3 p-1" aria-busy="true">
          {['team', 'find', 'home', 'datasets', 'cohorts', 'runs'].map((key) => (
            <Skeleton key={key} height={32} />
          ))}
        </div>
      )}
    >
      <Skeleton height={30} width={220} mb={28} />
      <Skeleton height={280} />
    </ShellFrame>
  )
}
