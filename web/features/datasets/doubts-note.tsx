import { Alert, List, Text } from '@mantine/core'
import type { ToldDoubtFragment } from '../../graphql/generated/operations.ts'

/** What may have been meant otherwise than it was understood, each with what to do about it. */
export function DoubtsNote({ doubts }: { doubts: readonly ToldDoubtFragment[] }) {
  if (doubts.length === 0) return null
  const title = doubts.length === 1 ? 'One thing to check' : `${doubts.length} things to check`
  return (
    <Alert color="yellow" variant="light" title={title}>
      <List size="sm" spacing="xs">
        {doubts.map(({ message, remedy }) => (
          <List.Item key={message}>
            {message}{' '}
            <Text span size="sm" c="dimmed">
              {remedy}
            </Text>
          </List.Item>
        ))}
      </List>
    </Alert>
  )
}
