'use client'

import { ForestPlot, type ForestRow } from '../../charts/forest-plot.tsx'
import { Panel } from '../../design/panel.tsx'
import { type ComparedExperiment, comparedScores } from './verdicts-panel.tsx'

/** The address of a trial's run; undefined where the page leads to none. */
export type TrialHref = (condition: string, arm: string, seed: number) => string | undefined

/** What each arm differs by from its control, with every seed and the interval of the mean. */
export function ForestPanel({ experiment, hrefOf }: { experiment: ComparedExperiment; hrefOf?: TrialHref }) {
  const rows = rowsOf(experiment, hrefOf)
  if (rows.length === 0) return null
  return (
    <Panel
      title="Differences, seed by seed"
      note={`Right of zero the arm is better than its control: dots are seeds${hrefOf ? ' and lead to their runs' : ''}, diamonds their mean on its interval; the table below has the figures`}
    >
      <ForestPlot rows={rows} unit="points of a percent" format={(value) => String(value)} />
    </Panel>
  )
}

function rowsOf(experiment: ComparedExperiment, hrefOf: TrialHref | undefined): ForestRow[] {
  const hasConditions = experiment.conditions.length > 1
  const hasArms = new Set(comparedScores(experiment).map(({ arm }) => arm)).size > 1
  return comparedScores(experiment).map(({ condition, arm, measure, difference }) => {
    const { mean, low, high } = difference
    return {
      key: `${condition} ${arm} ${measure.name}`,
      label: [hasConditions && condition, hasArms && arm, measure.name].filter(Boolean).join(': '),
      mean: 100 * mean,
      interval: low === null || high === null ? null : [100 * low, 100 * high],
      seeds: difference.seeds.map(({ seed, value }) => ({
        seed,
        value: 100 * value,
        href: hrefOf?.(condition, arm, seed),
      })),
    }
  })
}
