import type { Metadata } from 'next'
import { NewRunPage } from '../../../../features/runs/new-run-page.tsx'

export const metadata: Metadata = { title: 'Start a run' }

type Search = Promise<{ [name in 'cohort' | 'dataset' | 'from' | 'prove']?: string | string[] }>

export default async function Page({ searchParams }: { searchParams: Search }) {
  const { cohort, dataset, from, prove } = await searchParams
  return (
    <NewRunPage
      cohortId={single(cohort)}
      datasetVersionId={single(dataset)}
      from={runNumber(single(from))}
      prove={single(prove) === '1'}
    />
  )
}

function single(value: string | string[] | undefined): string | null {
  return typeof value === 'string' ? value : null
}

function runNumber(text: string | null): number | null {
  return text !== null && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null
}
