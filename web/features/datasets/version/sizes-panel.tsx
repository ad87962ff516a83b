import { Text } from '@mantine/core'
import { countOf, formatCount } from '../../../design/format-numbers.ts'
import { Panel } from '../../../design/panel.tsx'
import type { Report } from './import-report-panel.tsx'

/** The sizes that the images had when they came: a bar for each of the commonest, or a line where all are alike. */
export function SizesPanel({ report: { sizes, sizeCount, pictures } }: { report: Report }) {
  const [commonest] = sizes
  if (!commonest) return null
  if (sizeCount === 1)
    return (
      <Panel title="Original sizes">
        <Text size="sm">
          All images were {commonest.width} × {commonest.height}.
        </Text>
      </Panel>
    )
  const rest = pictures - sizes.reduce((sum, { count }) => sum + count, 0)
  const bars = sizes.map(({ width, height, count }) => ({ name: `${width} × ${height}`, count }))
  if (rest > 0) bars.push({ name: `${formatCount(sizeCount - sizes.length)} others`, count: rest })
  const largest = Math.max(...bars.map(({ count }) => count))
  return (
    <Panel title="Original sizes" note={`${countOf(sizeCount, 'size')}, most common first`}>
      <table className="numbers w-full border-collapse text-sm">
        <thead>
          <tr className="text-left text-xs text-[var(--mantine-color-dimmed)]">
            <th className="pb-2 font-normal">Width × height</th>
            <th className="w-1/2 pb-2 font-normal" aria-hidden />
            <th className="pb-2 text-right font-normal">Images</th>
          </tr>
        </thead>
        <tbody>
          {bars.map(({ name, count }) => (
            <tr key={name}>
              <th scope="row" className="py-1 pr-4 text-left font-medium whitespace-nowrap">
                {name}
              </th>
              <td className="py-1" aria-hidden>
                <div
                  className="h-2 min-w-px rounded-full bg-[var(--mantine-primary-color-filled)] opacity-80"
                  style={{ width: `${(100 * count) / largest}%` }}
                />
              </td>
              <td className="py-1 pl-4 text-right">{formatCount(count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}
