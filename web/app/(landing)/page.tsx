import type { Metadata } from 'next'
import { cookies, headers } from 'next/headers'
import { FirstTeam } from '../../features/team/first-team.tsx'
import { LandingPage } from '../../features/welcome/landing-page.tsx'

const title = 'Studyhall: small networks that teach each other'
const description =
  'Train compact image classifiers together by deep mutual learning, watch them teach each other, and download one student or the ensemble.'

/** What previews of a link to the product tell. */
export async function generateMetadata(): Promise<Metadata> {
  return {
    metadataBase: new URL(await findOrigin()),
    title: { absolute: title },
    description,
    openGraph: { title, description, siteName: 'Studyhall', type: 'website' },
    twitter: { card: 'summary_large_image', title, description },
  }
}

/** Whoever has a session goes to their first team; everybody else learns what Studyhall is. */
export default async function Page() {
  const hasSession = (await cookies()).getAll().some(({ name }) => name.endsWith('session_token'))
  return hasSession ? <FirstTeam /> : <LandingPage origin={await findOrigin()} />
}

async function findOrigin(): Promise<string> {
  return (await headers()).get('x-public-origin') ?? 'http://localhost:3000'
}
