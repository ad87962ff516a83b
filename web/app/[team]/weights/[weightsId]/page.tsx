import type { Metadata } from 'next'
import { WeightsDetailPage } from '../../../../features/weights/weights-detail-page.tsx'

export const metadata: Metadata = { title: 'Weights' }

export default async function Page({ params }: { params: Promise<{ weightsId: string }> }) {
  return <WeightsDetailPage weightsId={(await params).weightsId} />
}
