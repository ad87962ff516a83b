'use client'

import { useQuery } from '@apollo/client/react'
import { Alert, Text } from '@mantine/core'
import { useSearchParams } from 'next/navigation'
import { Suspense, useState } from 'react'
import { ErrorNotice } from '../../design/error-notice.tsx'
import { LoadingRows } from '../../design/loading-rows.tsx'
import { PageHeader } from '../../design/page-header.tsx'
import { DeviceRequestDocument } from '../../graphql/generated/operations.ts'
import { OwnShell } from '../shell/own-shell.tsx'
import { CodeForm } from './code-form.tsx'
import { DecideForm } from './decide-form.tsx'
import { shownCode } from './shown-code.ts'

/** Where `studyhall login` leads: a signed-in person confirms the program’s code, and it gets an API key. */
export function DevicePage() {
  return (
    <OwnShell>
      {() => (
        <Suspense fallback={<LoadingRows />}>
          <Device />
        </Suspense>
      )}
    </OwnShell>
  )
}

function Device() {
  const [code, setCode] = useState(shownCode(useSearchParams().get('code') ?? ''))
  const [outcome, setOutcome] = useState<'confirmed' | 'refused' | null>(null)
  return (
    <>
      <PageHeader
        title="Sign in a program"
        note="A program, such as the command studyhall in a terminal, asks for an API key by a short code."
      />
      {outcome ? (
        <Alert variant="light" title={outcome === 'confirmed' ? 'Confirmed' : 'Refused'} role="status">
          {outcome === 'confirmed'
            ? 'The program fetches its key now: go back to it. The key is under Settings of the team, and is revoked there.'
            : 'The program gets nothing.'}
        </Alert>
      ) : code === '' ? (
        <CodeForm onCode={setCode} />
      ) : (
        <Asked code={code} onCode={setCode} onDecided={setOutcome} />
      )}
    </>
  )
}

interface AskedProps {
  code: string
  onCode: (code: string) => void
  onDecided: (outcome: 'confirmed' | 'refused') => void
}

function Asked({ code, onCode, onDecided }: AskedProps) {
  const { data, error, refetch } = useQuery(DeviceRequestDocument, {
    variables: { userCode: code },
    fetchPolicy: 'network-only',
  })
  if (error && !data)
    return (
      <ErrorNotice title="The code could not be looked up" error={error} onRetry={() => void refetch()} />
    )
  if (!data) return <LoadingRows rows={3} />
  if (data.deviceRequest) return <DecideForm code={code} request={data.deviceRequest} onDecided={onDecided} />
  return (
    <div className="flex flex-col gap-4">
      <Text size="sm" role="status">
        There is no code {code}, or it is over: codes are good for ten minutes and once. Begin again in the
        program.
      </Text>
      <CodeForm onCode={(next) => (next === code ? void refetch() : onCode(next))} />
    </div>
  )
}
