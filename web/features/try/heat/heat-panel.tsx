'use client'

import { Button, Progress, Text } from '@mantine/core'
import { FormErrors } from '../../../design/error-notice.tsx'
import { formatCount } from '../../../design/format-numbers.ts'
import { Panel } from '../../../design/panel.tsx'
import { describeHeat, type Measure } from './describe-heat.ts'
import { HeatChoices } from './heat-choices.tsx'
import { HeatPicture } from './heat-picture.tsx'
import { RegionsTable } from './regions-table.tsx'
import { type HeatQuestion, useHeatChoice } from './use-heat-choice.ts'
import { type HeatStage, useHeatMap } from './use-heat-map.ts'

interface Props {
  question: HeatQuestion
  measure: Measure
  /** Above the choice of what the map is of. */
  targetLabel: string
}

/** Which parts of the image a student's answer depends on, found by covering each. */
export function HeatPanel({ question, measure, targetLabel }: Props) {
  const choice = useHeatChoice(question)
  const stage = useHeatMap(choice.request)
  const { isWanted, setWanted, request } = choice
  const hasPicture = question.picture !== null
  const words = stage.stage === 'ready' ? describeHeat(stage.map, measure) : ''
  return (
    <Panel
      title="What the student looked at"
      note="A patch in the mean colour of the training images slides over the image. Where it hides what the answer rests on, the answer drops."
      actions={
        isWanted ? (
          <Button variant="default" size="xs" onClick={() => setWanted(false)}>
            {stage.stage === 'ready' ? 'Hide' : 'Stop'}
          </Button>
        ) : (
          <Button size="xs" variant="default" disabled={!choice.target} onClick={() => setWanted(true)}>
            Show what it looked at
          </Button>
        )
      }
    >
      {hasPicture ? (
        <HeatChoices choice={choice} targetLabel={targetLabel} />
      ) : (
        <Text size="sm" c="dimmed">
          Choose an image first.
        </Text>
      )}
      {isWanted && hasPicture && !question.isFree && (
        <Text size="sm" c="dimmed">
          Waiting until the times below are measured.
        </Text>
      )}
      <Progressed stage={stage} />
      <Text aria-live="polite" size="sm" mb={words ? 'md' : 0}>
        {words}
      </Text>
      {stage.stage === 'ready' && request && (
        <div className="flex flex-wrap items-start gap-x-10 gap-y-5">
          <HeatPicture
            pixels={request.pixels}
            shape={request.shape}
            map={stage.map}
            measure={measure}
            words={words}
          />
          <RegionsTable map={stage.map} measure={measure} />
        </div>
      )}
    </Panel>
  )
}

function Progressed({ stage }: { stage: HeatStage }) {
  if (stage.stage === 'failed')
    return <FormErrors messages={[`The map could not be computed: ${stage.message}`]} />
  if (stage.stage !== 'working') return null
  return (
    <>
      <Progress value={(100 * stage.done) / stage.total} aria-label="Places covered" />
      <Text size="xs" c="dimmed" mt={4} className="numbers">
        {formatCount(stage.done)} of {formatCount(stage.total)} places covered
      </Text>
    </>
  )
}
