import type { Metadata } from 'next'
import { ModelPage } from '../../../../features/models/model-page.tsx'

export const metadata: Metadata = { title: 'Model' }

export default async function Page({ params }: { params: Promise<{ modelId: string }> }) {
  return <ModelPage id={(await params).modelId} />
}
