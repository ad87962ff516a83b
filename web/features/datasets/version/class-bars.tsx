import { Text } from '@mantine/core'
import { formatCount } from '../../../design/format-numbers.ts'

interface Props {
  classes: string[]
  trainCounts: number[]
  /** Null where what is learned is not tested, as identities are not. */
  testCounts: number[] | null
}

/** Each class with its images: a bar for train, the numbers beside it. */
export function ClassBars({ classes, trainCounts, testCounts }: Props) {
  const largest = Math.max(1, ...trainCounts)
  return (
    <table className="numbers w-full border-collapse text-sm">
      <thead>
        <tr className="text-left text-xs text-[var(--mantine-color-dimmed)]">
          <th className="pb-2 font-normal">{testCounts ? 'Class' : 'Identity'}</th>
          <th className="w-1/2 pb-2 font-normal" aria-hidden />
          <th className="pb-2 text-right font-normal">Train</th>
          {testCounts && <th className="pb-2 pl-4 text-right font-normal">Test</th>}
        </tr>
      </thead>
      <tbody>
        {classes.map((name, index) => (
          <tr key={name}>
            <th scope="row" className="max-w-40 truncate py-1 pr-4 text-left font-medium" title={name}>
              {name}
            </th>
            <td className="py-1" aria-hidden>
              <div
                className="h-2 min-w-px rounded-full bg-[var(--mantine-primary-color-filled)] opacity-80"
                style={{ width: `${(100 * (trainCounts[index] ?? 0)) / largest}%` }}
              />
            </td>
            <td className="py-1 pl-4 text-right">{formatCount(trainCounts[index] ?? 0)}</td>
            {testCounts && (
              <td className="py-1 pl-4 text-right">
                <Text span size="sm" c="dimmed">
                  {formatCount(testCounts[index] ?? 0)}
                </Text>
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
