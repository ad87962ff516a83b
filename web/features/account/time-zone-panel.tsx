'use client'

import { useApolloClient } from '@apollo/client/react'
import { Select, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMemo, useState } from 'react'
import { formatInstant } from '../../design/format-time.ts'
import { Panel } from '../../design/panel.tsx'
import { ViewerDocument } from '../../graphql/generated/operations.ts'
import { authClient } from '../session/auth-client.ts'
import { explainAuthError } from '../session/explain-auth-error.ts'

/** Stands for the browser's: an option's value is never null. */
const OF_BROWSER = ''

/** In which every time is told, in the pages and in mails. */
export function TimeZonePanel({ timeZone }: { timeZone: string | null }) {
  const apollo = useApolloClient()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const zones = useMemo(() => optionsWith(timeZone), [timeZone])
  const choose = async (value: string | null) => {
    setBusy(true)
    setError(null)
    const { error: failure } = await authClient.updateUser({ timeZone: value ?? OF_BROWSER })
    setBusy(false)
    if (failure) return setError(explainAuthError(failure))
    await apollo.refetchQueries({ include: [ViewerDocument] })
    notifications.show({ message: 'Your time zone is changed.' })
  }
  return (
    <Panel title="Time zone" note="Used for every time on pages and in mails">
      <div className="max-w-96">
        <Select
          aria-label="Time zone"
          data={zones}
          value={timeZone ?? OF_BROWSER}
          onChange={(value) => void choose(value)}
          allowDeselect={false}
          searchable
          nothingFoundMessage="No time zone has this in its name"
          disabled={busy}
          error={error}
          limit={200}
        />
        <Text size="sm" c="dimmed" mt="xs">
          Now it is {formatInstant(new Date().toISOString())}.
          {!timeZone && ' Mails, which no browser tells its zone, have UTC.'}
        </Text>
      </div>
    </Panel>
  )
}

function optionsWith(timeZone: string | null) {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone
  const known = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((name) => name !== 'UTC')]
  const all = timeZone && !known.includes(timeZone) ? [timeZone, ...known] : known
  return [
    { value: OF_BROWSER, label: `As this browser: ${own}` },
    ...all.map((name) => ({ value: name, label: name.replaceAll('_', ' ') })),
  ]
}
