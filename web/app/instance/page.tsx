import type { Metadata } from 'next'
import { InstancePage } from '../../features/instance/instance-page.tsx'

export const metadata: Metadata = { title: 'Administration' }

export default function Page() {
  return <InstancePage />
}
