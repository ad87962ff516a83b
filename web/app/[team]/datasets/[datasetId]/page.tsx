import type { Metadata } from 'next'
import { DatasetPage } from '../../../../features/datasets/dataset-page.tsx'

export const metadata: Metadata = { title: 'Dataset' }

export default async function Page({ params }: { params: Promise<{ datasetId: string }> }) {
  return <DatasetPage datasetId={(await params).datasetId} />
}
