import { compareArms } from '../../experiments/compare.ts'
import { ExperimentRecord } from '../../experiments/record.ts'
import { seedsBetter, valueIn, verdictOf } from '../../experiments/verdict.ts'

const CONDITION = 'clean labels'
/** Also the one that shows nothing: whoever leaves it out promises too much. */
const MEASURES = [
  { name: 'test loss, average student', label: 'Test loss' },
  { name: 'calibration error, average student', label: 'Calibration error, %' },
  { name: 'average student', label: 'Test accuracy, %' },
]

/** What the landing page tells of an experiment's results: nothing there is written by hand. */
export function measuredResult(file: string, results: unknown): object {
  const record = ExperimentRecord.parse(results)
  const comparisons = compareArms(record).filter(({ condition }) => condition === CONDITION)
  const [alone, mutual] = record.arms
  const rows = MEASURES.map(({ name, label }) => {
    const of = (arm: string | undefined) =>
      comparisons.find((each) => each.arm === arm && each.measure.name === name)
    const [control, own] = [of(alone?.name), of(mutual?.name)]
    if (!control || !own?.difference) throw new Error(`${file} does not compare “${name}”.`)
    const { measure, difference } = own
    const spell = ({ spread }: typeof own) =>
      `${valueIn(measure, spread.mean)} ± ${valueIn(measure, spread.deviation ?? 0)}`
    const { kind, words } = verdictOf(measure, difference)
    const { mean, interval, seeds, values } = difference
    return {
      ...{ label, unit: measure.unit, alone: spell(control), mutual: spell(own), verdict: kind, words },
      ...{ mean, interval, seedsBetter: seedsBetter(measure, difference) },
      seeds: seeds.map((seed, i) => ({ seed, value: values[i] })),
    }
  })
  const { title, images, seeds } = record
  return { file, title, condition: CONDITION, images, seeds: seeds.length, rows }
}
