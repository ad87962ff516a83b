import { Alert, Text } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import type { RunFindingCode } from '../../../graphql/generated/operations.ts'
import type { PageRun } from '../live/run-feed.ts'

const titles: Record<RunFindingCode, string> = {
  AT_CHANCE: 'Learned nothing',
  DIVERGED: 'Diverged',
  FELL_BACK: 'Ended below its best',
  ALIKE: 'The students have become alike',
  DRAGGED: 'Dragged down',
}

/** Explains a run's disappointing results, or what goes wrong while it trains. */
export function FindingNotice({ finding }: { finding: PageRun['findings'][number] }) {
  const { code, student, message, cause, suggestion } = finding
  const title = student === null ? titles[code] : `${student}: ${titles[code].toLowerCase()}`
  return (
    <Alert color="yellow" variant="light" icon={<IconAlertCircle size={18} />} title={title}>
      <Text size="sm">{message}</Text>
      <Text size="sm" mt={6}>
        {cause} {suggestion}
      </Text>
    </Alert>
  )
}
