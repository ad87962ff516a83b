import type { ReactNode } from 'react'

export type Fact = readonly [label: string, value: ReactNode]

/** A list of labels and values, in as many columns as fit. */
export function Facts({
  facts,
  columns = 'sm:grid-cols-2 lg:grid-cols-4',
}: {
  facts: Fact[]
  columns?: string
}) {
  return (
    <dl className={`m-0 grid grid-cols-2 gap-x-6 gap-y-4 ${columns}`}>
      {facts.map(([label, value]) => (
        <div key={label} className="min-w-0">
          <dt className="text-xs text-[var(--mantine-color-dimmed)]">{label}</dt>
          <dd className="numbers m-0 mt-0.5 text-sm font-medium break-words">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
