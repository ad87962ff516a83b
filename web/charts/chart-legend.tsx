import type { Line } from './chart-data.ts'

interface Props {
  lines: readonly Line[]
  values: (number | null)[]
  format: (value: number | null) => string
}

/** Each line as it is drawn, with its value at the cursor or its last. */
export function ChartLegend({ lines, values, format }: Props) {
  return (
    <ul className="numbers m-0 flex list-none flex-wrap gap-x-5 gap-y-1 p-0 text-sm">
      {lines.map((line, index) => (
        <li key={line.label} className="flex items-center gap-2">
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
          <span>{line.label}</span>
          <span className="min-w-14 font-medium">{format(values[index] ?? null)}</span>
        </li>
      ))}
    </ul>
  )
}
