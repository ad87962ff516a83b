import type { Metadata } from 'next'
import { ComparePage } from '../../../../features/models/compare-page.tsx'

export const metadata: Metadata = { title: 'Compare models' }

export default function Page() {
  return <ComparePage />
}
