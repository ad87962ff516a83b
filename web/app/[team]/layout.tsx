import type { ReactNode } from 'react'
import { TeamShell } from '../../features/shell/team-shell.tsx'

export default async function TeamLayout(props: { children: ReactNode; params: Promise<{ team: string }> }) {
  const { team } = await props.params
  return <TeamShell slug={team}>{props.children}</TeamShell>
}
