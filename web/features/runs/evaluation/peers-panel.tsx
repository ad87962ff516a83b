import { Text } from '@mantine/core'
import { formatMetric, formatShare } from '../../../design/format-numbers.ts'
import { Panel } from '../../../design/panel.tsx'

interface Props {
  names: string[]
  /** Row j, column k: mean KL(p_j || p_k), in nats. */
  divergence: readonly (readonly number[])[]
  /** Row j, column k: share of images for which the two predict different classes. */
  disagreement: readonly (readonly number[])[]
}

/** How much the students' predictions differ; the diagonal is empty. */
export function PeersPanel({ names, divergence, disagreement }: Props) {
  return (
    <Panel title="Between students" note="How much their predictions on the test images differ">
      <div className="grid gap-6 lg:grid-cols-2">
        <Matrix
          title="Disagreement"
          note="Fraction of images on which the two disagree"
          names={names}
          values={disagreement}
          format={formatShare}
        />
        <Matrix
          title="KL divergence"
          note="Of the row’s posterior from the column’s, nats"
          names={names}
          values={divergence}
          format={formatMetric}
        />
      </div>
    </Panel>
  )
}

interface MatrixProps {
  title: string
  note: string
  names: string[]
  values: readonly (readonly number[])[]
  format: (value: number) => string
}

function Matrix({ title, note, names, values, format }: MatrixProps) {
  const most = Math.max(...values.flat(), Number.MIN_VALUE)
  return (
    <div className="min-w-0">
      <Text fw={600} size="sm">
        {title}
      </Text>
      <Text size="xs" c="dimmed" mb="xs">
        {note}
      </Text>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard */}
      {/* biome-ignore lint/a11y/useSemanticElements: a section would need its own heading */}
      <div className="overflow-x-auto" tabIndex={0} role="region" aria-label={`${title}, table`}>
        <table className="numbers border-separate border-spacing-0.5 text-sm">
          <thead>
            <tr>
              <td />
              {names.map((name) => (
                <th key={name} scope="col" className="max-w-28 truncate px-2 py-1 font-medium">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {names.map((name, row) => (
              <tr key={name}>
                <th scope="row" className="max-w-28 truncate py-1 pr-2 text-left font-medium">
                  {name}
                </th>
                {names.map((peer, column) => {
                  const value = values[row]?.[column] ?? 0
                  return (
                    <td
                      key={peer}
                      className="rounded px-2 py-1 text-right"
                      style={{
                        background: `color-mix(in srgb, var(--mantine-primary-color-filled) ${Math.round((30 * value) / most)}%, transparent)`,
                      }}
                    >
                      {row === column ? '–' : format(value)}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  )
}
