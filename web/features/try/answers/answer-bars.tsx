import { Text } from '@mantine/core'
import { formatShare } from '../../../design/format-numbers.ts'
import type { Ranked } from './describe-answers.ts'

/** The most likely classes of one prediction, with their probabilities as bars and numbers. */
export function AnswerBars({ name, note, ranked }: { name: string; note: string; ranked: Ranked[] }) {
  return (
    <section aria-label={`What ${name} says`} className="min-w-0 rounded-md border border-[var(--line)] p-3">
      <Text fw={600} className="break-words">
        {name}
      </Text>
      <Text size="xs" c="dimmed" mb={10}>
        {note}
      </Text>
      <ol className="numbers m-0 flex list-none flex-col gap-2 p-0">
        {ranked.map(({ label, share }, index) => (
          <li key={label}>
            <div className="flex justify-between gap-2 text-sm">
              <span className={`min-w-0 break-words ${index === 0 ? 'font-semibold' : ''}`}>{label}</span>
              <span className={`shrink-0 ${index === 0 ? 'font-semibold' : ''}`}>{formatShare(share)}</span>
            </div>
            <div aria-hidden className="mt-1 h-1.5 overflow-hidden rounded-full bg-[var(--hover)]">
              <div
                className={`h-full rounded-full ${index === 0 ? 'bg-[var(--mantine-primary-color-filled)]' : 'bg-[var(--mantine-color-gray-5)]'}`}
                style={{ width: `${100 * share}%` }}
              />
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}
