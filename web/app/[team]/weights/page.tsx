import type { Metadata } from 'next'
import { WeightsPage } from '../../../features/weights/weights-page.tsx'

export const metadata: Metadata = { title: 'Weights' }

export default function Page() {
  return <WeightsPage />
}
