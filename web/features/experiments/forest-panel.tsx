'use client'

import { ForestPlot, type ForestRow } from '../../charts/forest-plot.tsx'
import { Panel } from '../../design/panel.tsx'
import type { PageExperiment } from './experiment-page.tsx'
import { comparedScores } from './verdicts-panel.tsx'

/** What each arm differs by from its control, with every seed and the interval of the mean. */
export function ForestPanel({ experiment, base }: { experiment: PageExperiment; base: string }) {
  const rows = rowsOf(experiment, base)
  if (rows.length === 0) return null
  return (
    <Panel
      title="Differences, seed by seed"
      note="Right of zero the arm is better than its control: dots are seeds and lead to their runs, diamonds their mean on its interval; the table below has the figures"
    >
      <ForestPlot rows={rows} unit="points of a percent" format={(value) => String(value)} />
    </Panel>
  )
}

function rowsOf(experiment: PageExperiment, base: string): ForestRow[] {
  const runOf = (condition: string, arm: string, seed: number) =>
    experiment.trials.find(
      (trial) => trial.condition === condition && trial.arm === arm && trial.seed === seed,
    )?.run.number
  const hasConditions = experiment.conditions.length > 1
  const hasArms = new Set(comparedScores(experiment).map(({ arm }) => arm)).size > 1
  return comparedScores(experiment).map(({ condition, arm, measure, difference }) => {
    const { mean, low, high } = difference
    return {
      key: `${condition} ${arm} ${measure.name}`,
      label: [hasConditions && condition, hasArms && arm, measure.name].filter(Boolean).join(': '),
      mean: 100 * mean,
      interval: low === null || high === null ? null : [100 * low, 100 * high],
      seeds: difference.seeds.map(({ seed, value }) => {
        const number = runOf(condition, arm, seed)
        return { seed, value: 100 * value, href: number === undefined ? undefined : `${base}/runs/${number}` }
      }),
    }
  })
}
