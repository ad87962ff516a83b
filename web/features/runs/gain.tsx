import { Text } from '@mantine/core'
import { formatPoints } from '../../design/format-difference.ts'

/** An ensemble's gain over its students, in percentage points. */
export function Gain({ overBest, overAverage }: { overBest: number; overAverage: number }) {
  return (
    <Text size="xs" c="dimmed" fw={400} className="whitespace-nowrap">
      {formatPoints(overBest)} best, {formatPoints(overAverage)} average
    </Text>
  )
}
