import { UnstyledButton } from '@mantine/core'
import type { Line } from './chart-data.ts'

interface Props {
  lines: readonly Line[]
  /** Values by label; hidden lines have none. */
  values: ReadonlyMap<string, number | null>
  format: (value: number | null) => string
  hidden: readonly string[]
  onToggle: (label: string) => void
}

/**
 * Each line's style and label, with its value at the cursor or its last value. Pressing a label hides or
 * shows its line.
 */
export function ChartLegend({ lines, values, format, hidden, onToggle }: Props) {
  return (
    <ul className="numbers m-0 flex list-none flex-wrap gap-x-5 gap-y-1 p-0 text-sm">
      {lines.map((line) => {
        const isHidden = hidden.includes(line.label)
        return (
          <li key={line.label}>
            <UnstyledButton
              onClick={() => onToggle(line.label)}
              aria-pressed={!isHidden}
              title={isHidden ? `Show ${line.label}` : `Hide ${line.label}`}
              className={`flex min-h-6 items-center gap-2 text-sm ${isHidden ? 'opacity-50' : ''}`}
            >
              <svg width="22" height="8" aria-hidden="true" className="shrink-0">
                <line
                  x1="0"
                  x2="22"
                  y1="4"
                  y2="4"
                  stroke={line.colour}
                  strokeWidth="2.5"
                  strokeDasharray={
                    line.dash.length > 0 ? line.dash.map((length) => length * 0.6).join(' ') : undefined
                  }
                />
              </svg>
              <span className={isHidden ? 'line-through' : undefined}>{line.label}</span>
              <span className="min-w-14 font-medium">
                {isHidden ? '' : format(values.get(line.label) ?? null)}
              </span>
            </UnstyledButton>
          </li>
        )
      })}
    </ul>
  )
}
