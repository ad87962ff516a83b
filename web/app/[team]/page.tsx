import type { Metadata } from 'next'
import { TeamHome } from '../../features/team/team-home.tsx'

export const metadata: Metadata = { title: 'Home' }

export default function Page() {
  return <TeamHome />
}
