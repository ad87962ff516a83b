import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { RunPage } from '../../../../features/runs/run-page.tsx'

export async function generateMetadata({
  params,
}: {
  params: Promise<{ number: string }>
}): Promise<Metadata> {
  return { title: `Run ${(await params).number}` }
}

export default async function Page({ params }: { params: Promise<{ number: string }> }) {
  const { number } = await params
  if (!/^[1-9]\d{0,8}$/.test(number)) notFound()
  return <RunPage number={Number(number)} />
}
