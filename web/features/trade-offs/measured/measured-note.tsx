import { Text } from '@mantine/core'
import { countOf } from '../../../design/format-numbers.ts'
import { formatDate } from '../../../design/format-time.ts'
import type { TradeOffPartsFragment } from '../../../graphql/generated/operations.ts'
import { BACKEND_WORDS, type Backend } from '../../try/networks/load-tensorflow.ts'
import { measuredPoints, measuredSpan } from './measured-points.ts'
import type { MeasuredTime } from './measured-times.ts'

interface Props {
  points: TradeOffPartsFragment['points']
  times: readonly MeasuredTime[]
  backend: Backend
}

/** Where and when the times were measured: they are this machine's, and nobody else's. */
export function MeasuredNote({ points, times, backend }: Props) {
  const span = measuredSpan(points, times, backend)
  if (!span) return null
  const [first, last] = span.map(formatDate)
  const left = points.length - measuredPoints(points, times, backend).length
  return (
    <Text size="sm" c="dimmed" mt="xs">
      {`Measured in this browser on this machine with ${BACKEND_WORDS[backend]}, ${first === last ? `on ${first}` : `from ${first} to ${last}`}, and kept here alone: other machines take other times.`}
      {left > 0 && ` ${countOf(left, 'model is', 'models are')} not measured.`}
    </Text>
  )
}
