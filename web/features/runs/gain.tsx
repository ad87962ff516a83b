import { Text } from '@mantine/core'
import { formatPoints } from '../../design/format-difference.ts'

/** What an ensemble adds to its students, in points of a hundred. */
export function Gain({ overBest, overAverage }: { overBest: number; overAverage: number }) {
  return (
    <Text size="xs" c="dimmed" fw={400} className="whitespace-nowrap">
      {formatPoints(overBest)} best, {formatPoints(overAverage)} average
    </Text>
  )
}
