import type { Metadata } from 'next'
import { ExampleRun } from '../../../features/welcome/example-run.tsx'

export const metadata: Metadata = {
  title: 'A finished run',
  description:
    'Two small networks that have taught each other: who taught whom, their curves and what came of it.',
}

export default function Page() {
  return <ExampleRun />
}
