import { Button } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { EmptyState } from '../../design/empty-state.tsx'
import { LinkButton, TextLink } from '../../design/link-button.tsx'
import { EXAMPLE_PATH } from '../shared/example-path.ts'

export function StartButton({ base }: { base: string }) {
  return (
    <LinkButton href={`${base}/runs/new`} leftSection={<IconPlayerPlay size={16} />}>
      Start a run
    </LinkButton>
  )
}

/** In place of a list of runs that has none. */
export function NoRuns(props: { isNarrowed: boolean; base: string; onClear: () => void }) {
  if (props.isNarrowed) {
    return (
      <EmptyState
        icon={<IconPlayerPlay size={22} />}
        title="No such run"
        action={
          <Button variant="default" onClick={props.onClear}>
            Show all runs
          </Button>
        }
      >
        No run of the team matches the filters.
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={<IconPlayerPlay size={22} />}
      title="No runs yet"
      action={<StartButton base={props.base} />}
    >
      A run trains one cohort on one dataset. You watch its students learn from each other, live.{' '}
      <TextLink href={EXAMPLE_PATH} size="sm" underline="always">
        Look around in a finished one.
      </TextLink>
    </EmptyState>
  )
}
