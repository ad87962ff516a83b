import { Progress, Text } from '@mantine/core'
import { Facts } from '../../design/facts.tsx'
import { Panel } from '../../design/panel.tsx'
import type { PageExperiment } from './experiment-page.tsx'
import { isUnderWay, progressWords } from './experiment-status.tsx'

/** How far it is, and what is compared. */
export function ProgressPanel({ experiment }: { experiment: PageExperiment }) {
  const { progress, arms, seeds, conditions, looks } = experiment
  const { runs, succeeded, failed, canceled } = progress
  const share = (100 * (succeeded + failed + canceled)) / Math.max(1, runs)
  return (
    <Panel>
      <div className="flex flex-col gap-4">
        {isUnderWay(progress) && <Progress value={share} aria-label="Runs that have ended" />}
        <Text size="sm" aria-live="polite">
          {progressWords(progress)}
        </Text>
        <Facts
          facts={[
            ['Arms', arms.map(({ name }) => name).join(', ')],
            ['Conditions', conditions.join(', ')],
            ['Seeds', seeds.join(', ')],
            ['May end early', looks ? `looked at after ${looks.join(', ')} seeds` : 'no'],
          ]}
        />
      </div>
    </Panel>
  )
}
