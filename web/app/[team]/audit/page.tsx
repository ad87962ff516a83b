import type { Metadata } from 'next'
import { TeamAuditPage } from '../../../features/audit/team-audit-page.tsx'

export const metadata: Metadata = { title: 'Audit log' }

export default function Page() {
  return <TeamAuditPage />
}
