'use client'

import { useQuery } from '@apollo/client/react'
import { Button, Select, Skeleton, Text } from '@mantine/core'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { type PlottedPoint, ScatterPlot } from '../../charts/scatter/scatter-plot.tsx'
import { Disclosure } from '../../design/disclosure.tsx'
import { countOf, formatShare } from '../../design/format-numbers.ts'
import { Panel } from '../../design/panel.tsx'
import { useUrlParameter } from '../../design/use-url-parameter.ts'
import {
  type RegistryFilter,
  type TradeOffPartsFragment,
  TradeOffsDocument,
} from '../../graphql/generated/operations.ts'
import { useTeam } from '../../team-scope.ts'
import type { Backend } from '../try/networks/load-tensorflow.ts'
import { type Cost, costNamed, costs, inSentence, teachers, timeCost } from './costs.ts'
import { MeasuredNote } from './measured/measured-note.tsx'
import { measuredBackends, measuredPoints } from './measured/measured-points.ts'
import { useMeasuredTimes } from './measured/measured-times.ts'
import { TradeOffLegend } from './trade-off-legend.tsx'
import { TradeOffTable } from './trade-off-table.tsx'

/** Loaded on demand, because it pulls in what reads models. */
const MeasureDialog = dynamic(() =>
  import('./measured/measure-dialog.tsx').then((module) => module.MeasureDialog),
)

interface Props {
  /** All of its versions; that of the newest model if omitted. */
  datasetId?: RegistryFilter['datasetId']
  experimentId?: string
}

/** Models of one dataset by score and cost. Nothing where there are none. */
export function TradeOffPanel({ datasetId = null, experimentId }: Props) {
  const { team, base } = useTeam()
  const [wanted, setWanted] = useUrlParameter('cost')
  const by = costNamed(wanted)
  const times = useMeasuredTimes()
  const [isMeasuring, setMeasuring] = useState(false)
  const { data, previousData } = useQuery(TradeOffsDocument, {
    variables: { slug: team.slug, by, datasetId, experimentId },
    fetchPolicy: 'cache-and-network',
  })
  const answer = data ?? previousData
  if (!answer) return <Skeleton height={380} />
  const found = answer.team?.tradeOffs
  if (!found) return null
  const backends = measuredBackends(found.points, times)
  const backend = backends.find((one) => timeCost(one).name === wanted) ?? null
  const cost = backend ? timeCost(backend) : costs[by]
  const points = backend ? measuredPoints(found.points, times, backend) : found.points
  return (
    <Panel
      title="Score against cost"
      note={noteOf(found)}
      actions={
        <>
          <Button size="xs" variant="default" onClick={() => setMeasuring(true)}>
            Measure in this browser
          </Button>
          <CostField cost={cost} backends={backends} onChange={setWanted} />
        </>
      }
    >
      {points.length === 0 ? (
        <Text size="sm" c="dimmed">
          For none of these models is the cost in {inSentence(cost.title)} known.
        </Text>
      ) : (
        <Plot key={found.dataset.id} kind={found.dataset.kind} points={points} cost={cost} base={base} />
      )}
      {backend && <MeasuredNote points={found.points} times={times} backend={backend} />}
      {isMeasuring && (
        <MeasureDialog
          points={found.points}
          onClose={() => setMeasuring(false)}
          onShow={(with_) => {
            setMeasuring(false)
            setWanted(timeCost(with_).name)
          }}
        />
      )}
    </Panel>
  )
}

interface CostFieldProps {
  cost: Cost
  /** With which models were measured here. */
  backends: readonly Backend[]
  onChange: (name: string | null) => void
}

function CostField({ cost, backends, onChange }: CostFieldProps) {
  const all = [...Object.values(costs), ...backends.map(timeCost)]
  return (
    <Select
      aria-label="Cost"
      size="xs"
      w={250}
      allowDeselect={false}
      data={all.map(({ name, title }) => ({ value: name, label: title }))}
      value={cost.name}
      onChange={(name) => onChange(name === costs.PARAMETERS.name ? null : name)}
    />
  )
}

interface PlotProps {
  kind: TradeOffPartsFragment['dataset']['kind']
  points: TradeOffPartsFragment['points']
  cost: Cost
  base: string
}

function Plot({ kind, points: found, cost, base }: PlotProps) {
  const [chosen, setChosen] = useState<string | null>(null)
  const { format, title } = cost
  const points = found.map((point): PlottedPoint => {
    const { shape, colour } = teachers[point.learnedFrom]
    return {
      id: point.id,
      label: wordsOf(point, cost),
      href: `${base}/models/${point.id}`,
      x: point.cost,
      y: point.score,
      shape,
      colour,
      isHollow: point.kind === 'ENSEMBLE',
    }
  })
  const frontier = found
    .filter(({ isOnFrontier }) => isOnFrontier)
    .map(({ cost, score }) => ({ x: cost, y: score }))
  const score = kind === 'RETRIEVAL' ? 'Mean average precision' : 'Test accuracy'
  return (
    <>
      <TradeOffLegend points={found} kind={cost.kind} />
      <ScatterPlot
        points={points}
        frontier={frontier}
        description={`${score} against ${inSentence(title)}: ${countOf(points.length, 'model')}; arrow keys go from one to the next`}
        formatX={format}
        formatY={(value) => formatShare(value)}
        xTitle={title}
        onChoose={setChosen}
      />
      <Text size="sm" className="numbers" mih={22} c={chosen ? undefined : 'dimmed'} aria-live="off">
        {points.find(({ id }) => id === chosen)?.label ??
          `${score}, upwards. The dashed line joins those that nothing ${BEATEN[cost.kind]} beats.`}
      </Text>
      <div className="mt-3">
        <Disclosure label="As a table">
          <TradeOffTable points={found} cost={cost} base={base} score={score} />
        </Disclosure>
      </div>
    </>
  )
}

const BEATEN = { size: 'smaller or as small', speed: 'faster or as fast' } as const

function wordsOf(point: TradeOffPartsFragment['points'][number], { format, title }: Cost): string {
  const { label } = teachers[point.learnedFrom]
  return `${point.name} (${point.network}) of run ${point.runNumber}, ${label}: ${formatShare(point.score)}, ${inSentence(title)} ${format(point.cost)}`
}

function noteOf({ dataset, points, withoutCost, totalCount }: TradeOffPartsFragment): string {
  const shown = points.length + withoutCost
  return [
    `Models and ensembles trained on ${dataset.name}`,
    totalCount > shown && `, the newest ${shown} of ${totalCount}`,
    withoutCost > 0 && `; ${withoutCost} without a known cost`,
  ]
    .filter(Boolean)
    .join('')
}
