import type { ReactNode } from 'react'

export type Tone = 'neutral' | 'busy' | 'good' | 'bad' | 'waiting'

const dots: Record<Tone, string> = {
  neutral: 'bg-[var(--mantine-color-gray-5)]',
  waiting: 'bg-[#d9a514]',
  busy: 'bg-[#4f7df3] breathing',
  good: 'bg-[#2f9e5b]',
  bad: 'bg-[#e03131]',
}

/** A coloured dot and a word; the word alone conveys the state. */
export function StatusMark({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className="inline-flex items-center gap-2 text-sm font-medium whitespace-nowrap">
      <span aria-hidden className={`size-2 shrink-0 rounded-full ${dots[tone]}`} />
      {children}
    </span>
  )
}
