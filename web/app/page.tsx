import { cookies } from 'next/headers'
import { FirstTeam } from '../features/team/first-team.tsx'
import { LandingPage } from '../features/welcome/landing-page.tsx'

/** Whoever has a session goes to their first team; everybody else learns what Studyhall is. */
export default async function Page() {
  const hasSession = (await cookies()).getAll().some(({ name }) => name.endsWith('session_token'))
  return hasSession ? <FirstTeam /> : <LandingPage />
}
