'use client'

import { Button, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useCallback, useEffect, useState } from 'react'
import { formatAge } from '../../design/format-time.ts'
import { NotLoaded } from '../../design/not-loaded.tsx'
import { Panel } from '../../design/panel.tsx'
import { authClient } from '../session/auth-client.ts'
import { explainAuthError } from '../session/explain-auth-error.ts'
import { describeBrowser } from './describe-browser.ts'

interface ListedSession {
  token: string
  createdAt: Date
  ipAddress?: string | null | undefined
  userAgent?: string | null | undefined
}

/** Where one is signed in, with what ends each session. */
export function SessionsPanel() {
  const { data: own } = authClient.useSession()
  const [sessions, setSessions] = useState<ListedSession[] | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const load = useCallback(async () => {
    const { data, error } = await authClient.listSessions()
    setProblem(error ? explainAuthError(error) : null)
    if (data) setSessions(data)
  }, [])
  const token = own?.session.token
  // A new password ends all sessions and begins another here; with the account the last one goes.
  useEffect(() => {
    if (token) void load()
  }, [load, token])
  const end = async (revoke: () => Promise<{ error: { message?: string | undefined } | null }>) => {
    const { error } = await revoke()
    if (error) notifications.show({ color: 'red', message: explainAuthError(error) })
    await load()
  }
  const others = sessions?.filter(({ token: other }) => other !== token) ?? []
  return (
    <Panel
      title="Sessions"
      flush
      actions={
        others.length > 1 && (
          <Button
            size="xs"
            variant="default"
            onClick={() => void end(() => authClient.revokeOtherSessions())}
          >
            End all others
          </Button>
        )
      }
    >
      {!sessions ? (
        <NotLoaded
          title="The sessions could not be loaded"
          error={problem ? new Error(problem) : null}
          onRetry={load}
          rows={1}
        />
      ) : (
        <ul aria-label="Sessions" className="m-0 list-none p-0">
          {sessions.map((session) => (
            <li
              key={session.token}
              className="flex items-center justify-between gap-3 border-t border-[var(--line)] px-4 py-3 sm:px-5"
            >
              <SessionFacts session={session} />
              {session.token === token ? (
                <Text size="sm" c="dimmed">
                  This one
                </Text>
              ) : (
                <Button
                  variant="subtle"
                  color="red"
                  size="compact-sm"
                  onClick={() => void end(() => authClient.revokeSession({ token: session.token }))}
                >
                  End
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

function SessionFacts({ session: { userAgent, ipAddress, createdAt } }: { session: ListedSession }) {
  return (
    <div className="min-w-0">
      <Text size="sm" fw={500}>
        {describeBrowser(userAgent ?? '')}
      </Text>
      <Text size="sm" c="dimmed">
        Signed in {formatAge(new Date(createdAt).toISOString())}
        {ipAddress && ` from ${ipAddress}`}
      </Text>
    </div>
  )
}
