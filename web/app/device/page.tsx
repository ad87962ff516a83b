import type { Metadata } from 'next'
import { DevicePage } from '../../features/device/device-page.tsx'

export const metadata: Metadata = { title: 'Sign in a program' }

export default function Page() {
  return <DevicePage />
}
