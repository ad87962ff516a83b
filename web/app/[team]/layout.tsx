import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { mayBeTeamSlug } from '../../../contract/team-slug.ts'
import { TeamShell } from '../../features/shell/team-shell.tsx'

export default async function TeamLayout(props: { children: ReactNode; params: Promise<{ team: string }> }) {
  const { team } = await props.params
  // Probes and scanners learn by the status that there is nothing.
  if (!mayBeTeamSlug(team)) notFound()
  return <TeamShell slug={team}>{props.children}</TeamShell>
}
