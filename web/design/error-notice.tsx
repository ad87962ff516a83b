'use client'

import { Alert, Button, List, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'

/** Says what could not be loaded, with a retry button. */
export function ErrorNotice(props: {
  title: string
  error?: Error | null | undefined
  onRetry?: () => void
}) {
  return (
    <Alert
      icon={<IconAlertTriangle size={18} />}
      color="red"
      variant="default"
      title={props.title}
      role="alert"
    >
      <Text size="sm" c="dimmed">
        {props.error?.message ?? 'The server did not respond. Check that it is running, then try again.'}
      </Text>
      {props.onRetry && (
        <Button mt="sm" size="xs" variant="default" onClick={props.onRetry}>
          Try again
        </Button>
      )}
    </Alert>
  )
}

/** Form errors that do not belong to a single field. */
export function FormErrors({ messages }: { messages: string[] }): ReactNode {
  if (messages.length === 0) return null
  return (
    <Alert icon={<IconAlertTriangle size={18} />} color="red" variant="light" role="alert">
      {messages.length === 1 ? (
        <Text size="sm">{messages[0]}</Text>
      ) : (
        <List size="sm">
          {messages.map((message) => (
            <List.Item key={message}>{message}</List.Item>
          ))}
        </List>
      )}
    </Alert>
  )
}
