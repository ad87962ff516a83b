import { SingleBar } from 'cli-progress'
import type { Trial } from '../../experiments/design/trials.ts'
import type { Experiment } from './read-experiment.ts'
import type { Outcome } from './run-trials.ts'

/** Shows an experiment's progress on the terminal. */
export function showTrials({ trials, seeds }: Experiment) {
  const bar = new SingleBar({
    format: '  {bar} {what}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    noTTYOutput: false,
  })
  const nameOf = ({ condition, arm, seed }: Trial) => `${condition} · ${arm} · seed ${seed}`
  const say = (line: string) => process.stderr.write(`\n  ${line}\n`)
  if (seeds.length === 1)
    say('There is only one seed, so an effect cannot be told from chance. Use three seeds or more.')
  bar.start(trials.length, 0, { what: 'packing' })
  return {
    packing: (seen: number, all: number) => bar.update(0, { what: `packing ${seen}/${all}` }),
    training: (trial: Trial, index: number, step: number, steps: number) =>
      bar.update(index + step / steps, { what: `${index + 1}/${trials.length} ${nameOf(trial)}` }),
    finished(outcome: Outcome, index: number, wasKnown: boolean) {
      const { trial, failure, seconds } = outcome
      bar.update(index + 1)
      if (failure !== undefined) say(`${nameOf(trial)} failed: ${failure}`)
      else if (!wasKnown) say(`${nameOf(trial)}: ${seconds.toFixed(0)} s`)
    },
    end: () => bar.stop(),
  }
}
