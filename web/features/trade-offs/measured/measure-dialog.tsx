'use client'

import { useQuery } from '@apollo/client/react'
import { Button, Checkbox, Group, Modal, Progress, Text } from '@mantine/core'
import { useMemo, useState } from 'react'
import { FormErrors } from '../../../design/error-notice.tsx'
import { countOf, formatBytes } from '../../../design/format-numbers.ts'
import { LoadingRows } from '../../../design/loading-rows.tsx'
import { TradeOffFilesDocument, type TradeOffPartsFragment } from '../../../graphql/generated/operations.ts'
import { BACKEND_WORDS, type Backend } from '../../try/networks/load-tensorflow.ts'
import { candidatesOf, firstChosen, MAX_TOTAL_BYTES } from './choose-candidates.ts'
import { type Candidate, type Measuring, useMeasuring } from './use-measuring.ts'

/** What the API gives by name at once. */
const MOST_ASKED = 100

interface Props {
  /** The cheapest first. */
  points: TradeOffPartsFragment['points']
  onClose: () => void
  /** Shows the times that were measured with a backend. */
  onShow: (backend: Backend) => void
}

/** Runs models in this browser, to know how long an image takes here. */
export function MeasureDialog({ points, onClose, onShow }: Props) {
  const asked = useMemo(() => points.slice(0, MOST_ASKED), [points])
  const { data, error } = useQuery(TradeOffFilesDocument, { variables: { ids: asked.map(({ id }) => id) } })
  const candidates = useMemo(() => data && candidatesOf(asked, data.nodes), [asked, data])
  const { state, start, stop } = useMeasuring()
  const close = () => {
    stop()
    onClose()
  }
  return (
    <Modal
      opened
      onClose={close}
      title="Measure in this browser"
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Text size="sm" c="dimmed" mb="sm">
        Each model is downloaded, unless this browser has it, and run on one image ten times after two warm-up
        runs; the median is kept in this browser and nowhere else. Whatever else this machine is doing makes
        it slower.
      </Text>
      <FormErrors messages={problemsOf(error, state)} />
      {candidates ? (
        <Body
          candidates={candidates}
          left={points.length - candidates.length}
          state={state}
          onStart={(chosen) => void start(chosen)}
          onStop={stop}
          onShow={onShow}
        />
      ) : (
        !error && <LoadingRows height={36} />
      )}
    </Modal>
  )
}

interface BodyProps {
  candidates: Candidate[]
  /** Models that cannot be measured. */
  left: number
  state: Measuring
  onStart: (chosen: Candidate[]) => void
  onStop: () => void
  onShow: (backend: Backend) => void
}

function Body({ candidates, left, state, onStart, onStop, onShow }: BodyProps) {
  const [chosen, setChosen] = useState<readonly string[]>(() => firstChosen(candidates))
  const wanted = candidates.filter(({ modelId }) => chosen.includes(modelId))
  const bytes = wanted.reduce((sum, { artifact }) => sum + artifact.byteLength, 0)
  if (candidates.length === 0)
    return <Text size="sm">There is no TensorFlow.js file of these models that is small enough.</Text>
  if (state.stage === 'working') return <Working state={state} onStop={onStop} />
  if (state.stage === 'ended' && state.done > 0)
    return (
      <Group justify="space-between">
        <Text size="sm" role="status">
          {`${countOf(state.done, 'model')} measured with ${BACKEND_WORDS[state.backend]}.`}
        </Text>
        <Button onClick={() => onShow(state.backend)}>Show the times</Button>
      </Group>
    )
  const toggle = (id: string, isChosen: boolean) =>
    setChosen(isChosen ? [...chosen, id] : chosen.filter((other) => other !== id))
  return (
    <>
      <ul className="m-0 mb-3 flex max-h-72 list-none flex-col gap-2 overflow-y-auto p-1">
        {candidates.map(({ modelId, name, network, artifact }) => (
          <li key={modelId}>
            <Checkbox
              label={name}
              description={`${network}, ${formatBytes(artifact.byteLength)}`}
              checked={chosen.includes(modelId)}
              onChange={({ currentTarget }) => toggle(modelId, currentTarget.checked)}
            />
          </li>
        ))}
      </ul>
      {left > 0 && (
        <Text size="xs" c="dimmed" mb="sm">
          {`${countOf(left, 'model')} without a TensorFlow.js file, too large, or beyond the first ${MOST_ASKED}.`}
        </Text>
      )}
      <Group justify="space-between">
        <Text size="sm" c={bytes > MAX_TOTAL_BYTES ? 'red' : 'dimmed'} className="numbers">
          {`${formatBytes(bytes)} in all`}
          {bytes > MAX_TOTAL_BYTES && `, more than the ${formatBytes(MAX_TOTAL_BYTES)} allowed at once`}
        </Text>
        <Button disabled={wanted.length === 0 || bytes > MAX_TOTAL_BYTES} onClick={() => onStart(wanted)}>
          {`Measure ${countOf(wanted.length, 'model')}`}
        </Button>
      </Group>
    </>
  )
}

function Working({ state, onStop }: { state: Extract<Measuring, { stage: 'working' }>; onStop: () => void }) {
  const { done, total, name, receivedShare } = state
  return (
    <>
      <Progress value={(100 * (done + receivedShare / 2)) / total} aria-label="Models measured" mb="xs" />
      <Group justify="space-between">
        <Text size="sm" className="numbers">
          {`${done} of ${countOf(total, 'model')} measured${name && `; now ${name}`}`}
        </Text>
        <Button variant="default" onClick={onStop}>
          Stop
        </Button>
      </Group>
    </>
  )
}

function problemsOf(error: Error | undefined, state: Measuring): string[] {
  if (error) return [`The models’ files could not be listed: ${error.message}`]
  if (state.stage === 'failed') return [state.message]
  return state.stage === 'ended' ? state.problems : []
}
