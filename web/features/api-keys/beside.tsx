import { Text } from '@mantine/core'
import type { ReactNode } from 'react'

/** What belongs to a cell's value, under it. */
export function Beside({ children }: { children: ReactNode }) {
  return (
    <Text size="xs" c="dimmed" className="break-words">
      {children}
    </Text>
  )
}
