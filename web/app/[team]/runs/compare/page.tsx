import type { Metadata } from 'next'
import { CompareRunsPage } from '../../../../features/run-compare/compare-runs-page.tsx'

export const metadata: Metadata = { title: 'Compare runs' }

export default function Page() {
  return <CompareRunsPage />
}
