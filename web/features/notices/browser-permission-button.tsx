'use client'

import { Button, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import { type BrowserPermission, readBrowserPermission } from './browser-permission.ts'

const WORDS: Partial<Record<BrowserPermission, string>> = {
  granted: 'This browser shows them.',
  denied: 'This browser is told not to show them; its settings for this site change that.',
}

/** Asks the browser whether it may show notices; only when somebody clicks. */
export function BrowserPermissionButton() {
  const [permission, setPermission] = useState<BrowserPermission>('missing')
  useEffect(() => setPermission(readBrowserPermission()), [])
  const ask = async () => setPermission(await Notification.requestPermission())
  if (permission === 'default')
    return (
      <Button size="xs" variant="default" onClick={() => void ask()}>
        Let this browser show them
      </Button>
    )
  return (
    <Text size="sm" c="dimmed" role="status">
      {WORDS[permission]}
    </Text>
  )
}
