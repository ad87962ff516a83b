'use client'

import { Button, Text, useComputedColorScheme } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay, IconRotateClockwise } from '@tabler/icons-react'
import dynamic from 'next/dynamic'
import { useMemo, useState } from 'react'
import type { ChartView } from '../../charts/chart-data.ts'
import { lineStyle } from '../../charts/line-style.ts'
import { formatCount, formatShare } from '../../design/format-numbers.ts'
import { TextLink } from '../../design/link-button.tsx'
import { axisFormatOf, formatOf, peerLossChart, type RunChart, testChart } from '../run-list/run-charts.ts'
import { RunStatusMark } from '../run-list/run-status.tsx'
import { EXAMPLE_PATH } from '../shared/example-path.ts'
import { TeachingDrawing } from '../teaching/teaching-drawing.tsx'
import type { Lesson } from '../teaching/teaching-graph.ts'
import {
  EPOCHS,
  epochOf,
  measuredUntil,
  RECORDED,
  RECORDED_ON,
  RUN,
  STEPS,
  STEPS_PER_EPOCH,
  STUDENTS,
  TRAIN_COUNT,
} from './replayed-run.ts'
import { type Replay, useReplay } from './use-replay.ts'

const STRONGEST = Math.max(
  ...RUN.metrics.flatMap(({ name, values }) => (name === peerLossChart.name ? values : [])),
)

/** A run as its page showed it while it trained: recorded once, and drawn by what draws every run. */
export function RunReplay() {
  const replay = useReplay(STEPS)
  const { step, isPlaying } = replay
  const isOver = step >= STEPS
  const scores = STUDENTS.map((_, student) => {
    const score = measuredUntil(student, 'testTop1', step).values.at(-1)
    return score === undefined ? '' : formatShare(score)
  })
  const strengthOf = ({ from, to }: Lesson) =>
    from === 'LABELS' || to === 'MEAN' ? null : (measuredUntil(to, 'mutualLoss', step).values.at(-1) ?? null)
  return (
    <section aria-label="A run, replayed">
      <div className="overflow-hidden rounded-xl border border-[var(--line)] bg-[var(--surface)]">
        <div className="flex flex-wrap items-center gap-x-5 gap-y-2 border-b border-[var(--line)] bg-[var(--surface-muted)] px-4 py-2.5 sm:px-5">
          <span className="font-semibold">Ada and Grace</span>
          <RunStatusMark status={isOver ? 'SUCCEEDED' : 'RUNNING'} />
          <ReplayControls replay={replay} isOver={isOver} />
        </div>
        <div className="grid gap-x-8 gap-y-4 p-4 sm:p-5 md:grid-cols-[1fr_1.25fr]">
          <div className="self-center">
            <TeachingDrawing
              students={STUDENTS}
              teaching={RUN.cohort.teaching}
              scores={scores}
              strengthOf={strengthOf}
              strongest={STRONGEST}
              isLive={isPlaying}
            />
          </div>
          <div className="flex flex-col gap-4">
            <ReplayChart chart={testChart} step={step} height={170} />
            <ReplayChart chart={peerLossChart} step={step} height={120} />
          </div>
        </div>
      </div>
      <Caption />
    </section>
  )
}

function ReplayControls({ replay, isOver }: { replay: Replay; isOver: boolean }) {
  const { step, isPlaying, play, pause, moveTo } = replay
  const [icon, label] = isPlaying
    ? [<IconPlayerPause key="pause" size={16} />, 'Pause']
    : isOver
      ? [<IconRotateClockwise key="again" size={16} />, 'Play again']
      : [<IconPlayerPlay key="play" size={16} />, 'Play']
  return (
    <div className="flex w-full min-w-0 items-center justify-end gap-3 sm:ml-auto sm:w-auto sm:flex-1">
      <input
        type="range"
        aria-label="Step of the run"
        aria-valuetext={`Epoch ${epochOf(step)} of ${EPOCHS}`}
        className="h-6 min-w-16 flex-1 sm:max-w-52 cursor-pointer accent-[var(--mantine-primary-color-filled)]"
        min={0}
        max={STEPS}
        value={Math.round(step)}
        onChange={({ currentTarget }) => moveTo(currentTarget.valueAsNumber)}
      />
      <Text size="sm" c="dimmed" className="numbers whitespace-nowrap">
        Epoch {epochOf(step)} of {EPOCHS}
      </Text>
      <Button size="xs" variant="default" leftSection={icon} onClick={isPlaying ? pause : play} miw={112}>
        {label}
      </Button>
    </div>
  )
}

/** Charts come after the words, into a place that is already theirs. */
const ChartFigure = dynamic(
  () => import('../../charts/chart-figure.tsx').then((module) => module.ChartFigure),
  {
    ssr: false,
    loading: () => <div aria-busy="true" className="min-h-full" />,
  },
)
/** The legend's. */
const ABOVE_PX = 36

const VIEW: ChartView = { smoothing: 0, logarithmic: false, stepsPerUnit: STEPS_PER_EPOCH }
const WHOLE = [0, EPOCHS] as const

function ReplayChart({ chart, step, height }: { chart: RunChart; step: number; height: number }) {
  const scheme = useComputedColorScheme('light')
  const [hidden, setHidden] = useState<string[]>([])
  const name = chart === testChart ? 'testTop1' : 'mutualLoss'
  const count = measuredUntil(0, name, step).steps.length
  // biome-ignore lint/correctness/useExhaustiveDependencies: lines grow by points, of which few steps have one
  const lines = useMemo(
    () =>
      STUDENTS.map((student, i) => ({
        label: student.name,
        ...measuredUntil(i, name, step),
        ...lineStyle(i, scheme),
      })),
    [count, name, scheme],
  )
  const toggle = (label: string) =>
    setHidden(hidden.includes(label) ? hidden.filter((one) => one !== label) : [...hidden, label])
  return (
    <div>
      <Text size="sm" fw={600}>
        {chart.title}
      </Text>
      <div style={{ minHeight: height + ABOVE_PX }}>
        <ChartFigure
          title={chart.title}
          lines={lines}
          hidden={hidden}
          onToggle={toggle}
          view={chart.smooths ? { ...VIEW, smoothing: 0.6 } : VIEW}
          format={formatOf(chart)}
          formatAxis={axisFormatOf(chart)}
          syncKey="replay"
          emptyWords="Measured after every epoch"
          zoom={WHOLE}
          onZoom={() => {}}
          height={height}
        />
      </div>
    </div>
  )
}

function Caption() {
  const { machine } = RECORDED
  return (
    <Text size="sm" c="dimmed" mt="sm" className="numbers">
      Replayed, recorded on {RECORDED_ON}: two ResNet-8 of {formatCount(STUDENTS[0]?.parameters ?? 0)}{' '}
      parameters on {formatCount(TRAIN_COUNT)} images of Fashion-MNIST, on {machine.cores} cores of an{' '}
      {machine.processor}, no graphics card. <code>npm run demo</code> trains it again;{' '}
      <TextLink href={EXAMPLE_PATH} size="sm" underline="always">
        look around in it
      </TextLink>
      .
    </Text>
  )
}
