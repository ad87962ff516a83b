import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ForkPage } from '../../../../../features/forks/fork-page.tsx'

export async function generateMetadata({
  params,
}: {
  params: Promise<{ number: string }>
}): Promise<Metadata> {
  return { title: `Fork of run ${(await params).number}` }
}

export default async function Page({ params }: { params: Promise<{ number: string }> }) {
  const { number } = await params
  if (!/^[1-9]\d{0,8}$/.test(number)) notFound()
  return <ForkPage number={Number(number)} />
}
