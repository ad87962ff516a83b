'use client'

import { useQuery } from '@apollo/client/react'
import { Select, Skeleton, Text } from '@mantine/core'
import { useState } from 'react'
import { type PlottedPoint, ScatterPlot } from '../../charts/scatter/scatter-plot.tsx'
import { Disclosure } from '../../design/disclosure.tsx'
import { countOf, formatShare } from '../../design/format-numbers.ts'
import { Panel } from '../../design/panel.tsx'
import { useUrlParameter } from '../../design/use-url-parameter.ts'
import {
  type RegistryFilter,
  type TradeOffCost,
  type TradeOffPartsFragment,
  TradeOffsDocument,
} from '../../graphql/generated/operations.ts'
import { useTeam } from '../../team-scope.ts'
import { costNamed, costs, inSentence, teachers } from './costs.ts'
import { TradeOffLegend } from './trade-off-legend.tsx'
import { TradeOffTable } from './trade-off-table.tsx'

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
  const { data, previousData } = useQuery(TradeOffsDocument, {
    variables: { slug: team.slug, by, datasetId, experimentId },
    fetchPolicy: 'cache-and-network',
  })
  const answer = data ?? previousData
  if (!answer) return <Skeleton height={380} />
  const found = answer.team?.tradeOffs
  if (!found) return null
  const chooseCost = (cost: TradeOffCost) => setWanted(cost === 'PARAMETERS' ? null : costs[cost].name)
  return (
    <Panel
      title="Score against cost"
      note={noteOf(found)}
      actions={<CostField by={by} onChange={chooseCost} />}
    >
      {found.points.length === 0 ? (
        <Text size="sm" c="dimmed">
          For none of these models is the cost in {inSentence(costs[by].title)} known.
        </Text>
      ) : (
        <Plot key={found.dataset.id} found={found} by={by} base={base} />
      )}
    </Panel>
  )
}

function CostField({ by, onChange }: { by: TradeOffCost; onChange: (cost: TradeOffCost) => void }) {
  return (
    <Select
      aria-label="Cost"
      size="xs"
      w={220}
      allowDeselect={false}
      data={Object.entries(costs).map(([value, { title }]) => ({ value, label: title }))}
      value={by}
      onChange={(value) => value && onChange(value as TradeOffCost)}
    />
  )
}

interface PlotProps {
  found: TradeOffPartsFragment
  by: TradeOffCost
  base: string
}

function Plot({ found, by, base }: PlotProps) {
  const [chosen, setChosen] = useState<string | null>(null)
  const { format, title } = costs[by]
  const points = found.points.map((point): PlottedPoint => {
    const { shape, colour } = teachers[point.learnedFrom]
    return {
      id: point.id,
      label: wordsOf(point, by),
      href: `${base}/models/${point.id}`,
      x: point.cost,
      y: point.score,
      shape,
      colour,
      isHollow: point.kind === 'ENSEMBLE',
    }
  })
  const frontier = found.points
    .filter(({ isOnFrontier }) => isOnFrontier)
    .map(({ cost, score }) => ({ x: cost, y: score }))
  const score = found.dataset.kind === 'RETRIEVAL' ? 'Mean average precision' : 'Test accuracy'
  return (
    <>
      <TradeOffLegend points={found.points} />
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
          `${score}, upwards. The dashed line joins those that nothing smaller or as small beats.`}
      </Text>
      <div className="mt-3">
        <Disclosure label="As a table">
          <TradeOffTable points={found.points} by={by} base={base} score={score} />
        </Disclosure>
      </div>
    </>
  )
}

function wordsOf(point: TradeOffPartsFragment['points'][number], by: TradeOffCost): string {
  const { format, title } = costs[by]
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
