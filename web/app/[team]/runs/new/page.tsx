import type { Metadata } from 'next'
import { NewRunPage } from '../../../../features/runs/new-run-page.tsx'

export const metadata: Metadata = { title: 'Start a run' }

type Search = Promise<{ cohort?: string | string[]; dataset?: string | string[] }>

export default async function Page({ searchParams }: { searchParams: Search }) {
  const { cohort, dataset } = await searchParams
  return <NewRunPage cohortId={single(cohort)} datasetVersionId={single(dataset)} />
}

function single(value: string | string[] | undefined): string | null {
  return typeof value === 'string' ? value : null
}
