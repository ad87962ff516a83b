'use client'

import { useQuery } from '@apollo/client/react'
import { Loader, Text, Title } from '@mantine/core'
import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { ErrorNotice } from '../../design/error-notice.tsx'
import { ViewerDocument } from '../../graphql/generated/operations.ts'
import { AccountPage } from '../session/account-page.tsx'
import { LandingPage } from '../welcome/landing-page.tsx'
import { CreateTeamForm } from './create-team-form.tsx'
import { teamToOpen } from './last-team.ts'

export function FirstTeam() {
  const router = useRouter()
  const { data, error, refetch } = useQuery(ViewerDocument, { fetchPolicy: 'network-only' })
  const slug = data?.viewer ? teamToOpen(data.viewer.teams)?.slug : undefined
  useEffect(() => {
    if (slug) router.replace(`/${slug}`)
  }, [slug, router])
  if (error) {
    return (
      <AccountPage>
        <ErrorNotice title="Studyhall could not be loaded" error={error} onRetry={() => void refetch()} />
      </AccountPage>
    )
  }
  if (data?.viewer === null) return <LandingPage origin={location.origin} />
  if (!data?.viewer || slug) {
    return (
      <main className="grid min-h-dvh place-items-center">
        <Loader type="dots" aria-label="Opening your team" />
      </main>
    )
  }
  return (
    <AccountPage>
      <Title order={1}>Create your team</Title>
      <Text c="dimmed" size="sm" mb="lg">
        Datasets, cohorts, runs and models belong to a team.
      </Text>
      <CreateTeamForm />
    </AccountPage>
  )
}
