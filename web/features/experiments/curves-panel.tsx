'use client'

import { useQuery } from '@apollo/client/react'
import { ActionIcon, Select, Skeleton, Text, Tooltip, useComputedColorScheme } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconTable } from '@tabler/icons-react'
import { useState } from 'react'
import { type Band, BandChart } from '../../charts/band-chart.tsx'
import { ChartLegend } from '../../charts/chart-legend.tsx'
import { ChartTable } from '../../charts/chart-table.tsx'
import { lineStyle, type Scheme } from '../../charts/line-style.ts'
import { ErrorNotice } from '../../design/error-notice.tsx'
import { formatMetric, formatShare } from '../../design/format-numbers.ts'
import { Panel } from '../../design/panel.tsx'
import { ExperimentCurvesDocument, type ExperimentCurvesQuery } from '../../graphql/generated/operations.ts'
import { usePollWhile } from '../../graphql/use-poll-while.ts'
import type { PageExperiment } from './experiment-page.tsx'
import { isUnderWay } from './experiment-status.tsx'

const POLL_MS = 15_000

interface Metric {
  value: string
  label: string
  isShare: boolean
}

const COMMON: Metric[] = [
  { value: 'trainTop1', label: 'Training accuracy', isShare: true },
  { value: 'loss', label: 'Training loss', isShare: false },
  { value: 'mutualLoss', label: 'Mutual loss', isShare: false },
]
const METRICS = {
  CLASSIFICATION: [{ value: 'testTop1', label: 'Test accuracy', isShare: true }, ...COMMON],
  RETRIEVAL: [{ value: 'testMap', label: 'mAP', isShare: true }, ...COMMON],
}

type Curve = Extract<ExperimentCurvesQuery['node'], { __typename: 'Experiment' }>['curves'][number]

/** The average student of each arm: mean and one deviation over the seeds. */
export function CurvesPanel({ experiment }: { experiment: PageExperiment }) {
  const scheme = useComputedColorScheme('light')
  const metrics = METRICS[experiment.datasetVersion.dataset.kind]
  const [chosen, choose] = useState('loss')
  const [hidden, setHidden] = useState<string[]>([])
  const [tableShown, { toggle }] = useDisclosure(false)
  const query = useQuery(ExperimentCurvesDocument, {
    variables: { id: experiment.id, metric: chosen },
    fetchPolicy: 'cache-and-network',
  })
  usePollWhile(query, isUnderWay(experiment.progress), POLL_MS)
  const node = query.data?.node
  const curves = node?.__typename === 'Experiment' ? node.curves : []
  const bands = bandsOf(curves, experiment.conditions.length > 1, scheme)
  const shown = bands.filter(({ label }) => !hidden.includes(label))
  const isShare = metrics.find(({ value }) => value === chosen)?.isShare ?? false
  const format = (value: number | null) => (isShare ? formatShare(value) : formatMetric(value))
  const flip = (label: string) =>
    setHidden(hidden.includes(label) ? hidden.filter((one) => one !== label) : [...hidden, label])
  return (
    <Panel
      title="Curves"
      note="The average student of each arm: mean and one deviation over its seeds"
      actions={
        <>
          <Select
            aria-label="Metric"
            allowDeselect={false}
            data={metrics.map(({ value, label }) => ({ value, label }))}
            value={chosen}
            onChange={(metric) => metric && choose(metric)}
            w={190}
          />
          <Tooltip label={tableShown ? 'Hide the table' : 'Show as a table'}>
            <ActionIcon
              aria-label="Curves as a table"
              aria-expanded={tableShown}
              variant={tableShown ? 'light' : 'subtle'}
              onClick={toggle}
            >
              <IconTable size={17} />
            </ActionIcon>
          </Tooltip>
        </>
      }
    >
      {query.error && !query.data ? (
        <ErrorNotice
          title="The curves could not be loaded"
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      ) : !query.data ? (
        <Skeleton height={220} />
      ) : bands.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nothing measured yet
        </Text>
      ) : (
        <>
          <ChartLegend
            lines={bands}
            values={new Map(bands.map(({ label, values }) => [label, values.at(-1) ?? null]))}
            format={format}
            hidden={hidden}
            onToggle={flip}
          />
          {shown.length > 0 && (
            <BandChart
              bands={shown}
              description={`By step. Last: ${shown.map(({ label, values }) => `${label} ${format(values.at(-1) ?? null)}`).join(', ')}.`}
              format={(value) => (isShare ? formatShare(value, 0) : String(value))}
            />
          )}
          {tableShown && <ChartTable lines={shown} title="Curves" format={format} />}
        </>
      )}
    </Panel>
  )
}

function bandsOf(curves: readonly Curve[], hasConditions: boolean, scheme: Scheme): Band[] {
  return curves.map(({ condition, arm, steps, means, deviations }, i) => ({
    label: hasConditions ? `${condition}: ${arm}` : arm,
    steps,
    values: means,
    deviations,
    ...lineStyle(i, scheme),
  }))
}
