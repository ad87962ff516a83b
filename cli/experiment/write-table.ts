import type { ComparedArm, Spread } from './compare-arms.ts'
import type { Experiment } from './read-experiment.ts'

/** The comparison as a Markdown table: shares in percent, mean ± deviation over the seeds, gains seed by seed. */
export function writeTable({ title, arms, seeds }: Experiment, compared: ComparedArm[]): string {
  const others = arms.slice(1)
  const head = ['', '', ...arms, ...others.map((arm) => `${arm}, gain`)]
  const rows = compared
    .filter(({ arm }) => arm === arms[0])
    .map(({ condition, measure }) => {
      const cells = arms.flatMap((arm) => compared.find(isOf(condition, measure, arm)) ?? [])
      return [
        condition,
        measure,
        ...cells.map(({ spread }) => percent(spread)),
        ...cells.flatMap(({ gain, values }) =>
          gain ? [`${signed(gain)} (${gain.better} of ${values.length} seeds)`] : [],
        ),
      ]
    })
  const lines = [head, head.map((_, column) => (column < 2 ? '---' : '---:')), ...rows]
  const table = lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
  const counted = compared[0]?.values.length ?? 0
  const cut =
    counted < seeds.length ? ` (${seeds.length - counted} of ${seeds.length} seeds are not finished)` : ''
  return `# ${title}\n\nIn % on the test images, mean ± standard deviation over ${counted} ${counted === 1 ? 'seed' : 'seeds'}${cut}; gains over “${arms[0]}” are paired, seed by seed.\n\n${table}\n`
}

function isOf(condition: string, measure: string, arm: string) {
  return (row: ComparedArm) => row.condition === condition && row.measure === measure && row.arm === arm
}

function percent({ mean, deviation }: Spread): string {
  return (100 * mean).toFixed(1) + (deviation === null ? '' : ` ± ${(100 * deviation).toFixed(1)}`)
}

function signed({ mean, deviation }: Spread): string {
  return (mean > 0 ? '+' : '') + percent({ mean, deviation })
}
