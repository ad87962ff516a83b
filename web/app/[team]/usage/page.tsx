import type { Metadata } from 'next'
import { TeamUsagePage } from '../../../features/usage/team-usage-page.tsx'

export const metadata: Metadata = { title: 'Usage' }

export default function Page() {
  return <TeamUsagePage />
}
