'use client'

import { CombinedGraphQLErrors } from '@apollo/client'
import { useQuery } from '@apollo/client/react'
import { Skeleton, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { ErrorNotice } from '../../design/error-notice.tsx'
import { SharedDocument } from '../../graphql/generated/operations.ts'
import { usePollWhile } from '../../graphql/use-poll-while.ts'
import { PasswordForm } from './password-form.tsx'
import { SharedExperiment } from './shared-experiment.tsx'
import { SharedFrame } from './shared-frame.tsx'
import { SharedModel } from './shared-model.tsx'
import { SharedRun } from './shared-run.tsx'

/** A run that trains moves on, and a link that is revoked closes its pages, within so long. */
const POLL_MS = 4_000

/** What a link shows to whoever has it, signed in or not. */
export function SharedPage({ token }: { token: string }) {
  const [password, setPassword] = useState<string | null>(null)
  const query = useQuery(SharedDocument, {
    variables: { token, password },
    fetchPolicy: 'network-only',
  })
  const { data, error, refetch } = query
  const refusal = refusalIn(error)
  usePollWhile(query, data?.shared != null && !data.shared.asksPassword, POLL_MS)
  const shared = data?.shared
  if (shared?.asksPassword || refusal)
    return (
      <SharedFrame isNarrow>
        <PasswordForm refusal={refusal} isBusy={query.loading} onGiven={setPassword} />
      </SharedFrame>
    )
  return (
    <SharedFrame isNarrow={data?.shared === null}>
      {error && !data ? (
        <>
          <Title order={1} className="sr-only">
            Shared page
          </Title>
          <ErrorNotice title="The page could not be loaded" error={error} onRetry={() => void refetch()} />
        </>
      ) : !data ? (
        <Skeleton height={420} />
      ) : shared?.run ? (
        <SharedRun run={shared.run} />
      ) : shared?.experiment ? (
        <SharedExperiment experiment={shared.experiment} />
      ) : shared?.model ? (
        <SharedModel model={shared.model} />
      ) : (
        <LinkOver />
      )}
    </SharedFrame>
  )
}

/** Why a password was not taken; null for whatever else went wrong. */
function refusalIn(error: unknown): string | null {
  if (!CombinedGraphQLErrors.is(error)) return null
  const [first] = error.errors
  const code = String(first?.extensions?.code)
  return first && ['INVALID_INPUT', 'LIMIT_EXCEEDED'].includes(code) ? first.message : null
}

function LinkOver() {
  return (
    <div className="flex flex-col gap-3">
      <Title order={1}>This link shows nothing</Title>
      <Text size="sm" c="dimmed">
        It was revoked, its time is over, what it showed is gone, or it is not whole. Ask whoever gave it to
        you for a new one.
      </Text>
    </div>
  )
}
