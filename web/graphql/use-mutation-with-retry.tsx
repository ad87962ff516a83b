'use client'

import type { OperationVariables, TypedDocumentNode } from '@apollo/client'
import { useMutation } from '@apollo/client/react'
import { Button, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useCallback, useState } from 'react'

/**
 * A mutation that never throws: if the server cannot be reached, a notification says so and offers to retry.
 * Resolves to null if the user dismisses it.
 */
export function useMutationWithRetry<Data, Variables extends OperationVariables>(
  document: TypedDocumentNode<Data, Variables>,
  options: { refetchQueries?: string[] } = {},
): [run: (variables: Variables) => Promise<Data | null>, busy: boolean] {
  const [mutate] = useMutation<Data, OperationVariables>(document as TypedDocumentNode<Data>, {
    refetchQueries: options.refetchQueries,
  })
  const [busy, setBusy] = useState(false)
  const run = useCallback(
    async (variables: Variables): Promise<Data | null> => {
      setBusy(true)
      try {
        const { data } = await mutate({ variables })
        return data ?? null
      } catch (error) {
        return await offerRetry(error, () => run(variables))
      } finally {
        setBusy(false)
      }
    },
    [mutate],
  )
  return [run, busy]
}

function offerRetry<Data>(error: unknown, again: () => Promise<Data | null>): Promise<Data | null> {
  return new Promise((resolve) => {
    const retry = () => {
      notifications.hide(id)
      resolve(again())
    }
    const id = notifications.show({
      color: 'red',
      title: 'The request did not reach the server',
      autoClose: 20_000,
      message: <RetryMessage error={error} onRetry={retry} />,
      onClose: () => resolve(null),
    })
  })
}

function RetryMessage({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <>
      <Text size="sm">{error instanceof Error ? error.message : String(error)}</Text>
      <Button size="xs" variant="default" mt="xs" onClick={onRetry}>
        Try again
      </Button>
    </>
  )
}
