'use client'

import { NumberInput, Switch, Text } from '@mantine/core'
import { Panel } from '../../design/panel.tsx'
import { checkNumber, inputPropsOf } from '../../forms/number-range.ts'
import { ExperimentEstimateNote } from './estimate-note.tsx'
import { canEndEarly, looksFor, type ProofWishes, seedCountRange, USUAL_SEEDS } from './prove-it.ts'

interface Props {
  /** Null while a single run is to be started. */
  wishes: ProofWishes | null
  onChange: (wishes: ProofWishes | null) => void
  /** Why the cohort cannot be compared with itself alone; null if it can. */
  obstacle: string | null
  /** The file of the experiment, for the estimate; null while the form has no cohort or dataset. */
  experiment: object | null
  datasetVersionId: string | null
}

/** Makes the run an experiment: each student gets a twin that learns alone, and both are trained with several seeds. */
export function ProveItPanel({ wishes, onChange, obstacle, experiment, datasetVersionId }: Props) {
  const seedsProblem = wishes && checkNumber(wishes.seeds, seedCountRange)
  const seeds = wishes && !seedsProblem ? Number(wishes.seeds) : 0
  return (
    <Panel title="Prove it">
      <div className="flex flex-col gap-4">
        <Switch
          label="Train an experiment instead of a single run"
          description="Every student gets an independent twin with the same weights at the start and the same batches; both are trained with several seeds, and the result says whether the difference is more than chance."
          checked={wishes !== null}
          disabled={obstacle !== null}
          onChange={({ currentTarget }) =>
            onChange(currentTarget.checked ? { seeds: USUAL_SEEDS, mayEndEarly: false } : null)
          }
        />
        {obstacle && (
          <Text size="sm" c="dimmed">
            {obstacle}
          </Text>
        )}
        {wishes && !obstacle && (
          <>
            <NumberInput
              label="Number of seeds"
              description="From the recipe’s seed on. With five, only an effect that shows in nearly every seed can be told."
              {...inputPropsOf(seedCountRange)}
              value={wishes.seeds}
              onChange={(typed) => onChange({ ...wishes, seeds: typed })}
              error={seedsProblem}
              maw={220}
            />
            <Switch
              label="End as soon as it is decided"
              description={
                canEndEarly(seeds)
                  ? `Looked at after ${looksFor(seeds).join(', ')} seeds; the levels of all looks together err in 5 of 100 experiments at most. Seeds cannot be added later.`
                  : 'Takes more than three seeds.'
              }
              checked={wishes.mayEndEarly && canEndEarly(seeds)}
              disabled={!canEndEarly(seeds)}
              onChange={({ currentTarget }) => onChange({ ...wishes, mayEndEarly: currentTarget.checked })}
            />
            {experiment && datasetVersionId && (
              <ExperimentEstimateNote experiment={experiment} datasetVersionId={datasetVersionId} />
            )}
          </>
        )}
      </div>
    </Panel>
  )
}
