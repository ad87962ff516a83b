import type { Metadata } from 'next'
import { MissingPage } from '../design/missing-page.tsx'

export const metadata: Metadata = { title: 'Not found' }

export default function NotFound() {
  return (
    <main>
      <MissingPage />
    </main>
  )
}
