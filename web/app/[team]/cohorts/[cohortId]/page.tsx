import type { Metadata } from 'next'
import { CohortPage } from '../../../../features/cohorts/cohort-page.tsx'

export const metadata: Metadata = { title: 'Cohort' }

export default async function Page({ params }: { params: Promise<{ cohortId: string }> }) {
  return <CohortPage cohortId={(await params).cohortId} />
}
