import { useComputedColorScheme } from '@mantine/core'
import { lineStyle } from '../../charts/line-style.ts'
import { outlineOf } from '../../charts/scatter/point-shape.ts'
import type { LearnedFrom, TradeOffPartsFragment } from '../../graphql/generated/operations.ts'
import { type Cost, teachers } from './costs.ts'

/** Only of what there is among the points. */
export function TradeOffLegend(props: { points: TradeOffPartsFragment['points']; kind: Cost['kind'] }) {
  const { points, kind: of } = props
  const scheme = useComputedColorScheme('light')
  const kinds = (Object.keys(teachers) as LearnedFrom[]).filter((kind) =>
    points.some(({ learnedFrom }) => learnedFrom === kind),
  )
  const hasEnsembles = points.some(({ kind }) => kind === 'ENSEMBLE')
  return (
    <ul className="m-0 mb-1 flex list-none flex-wrap gap-x-5 gap-y-1 p-0 text-sm">
      {kinds.map((kind) => {
        const { label, shape, colour } = teachers[kind]
        return (
          <li key={kind} className="flex items-center gap-2">
            <Mark outline={outlineOf(shape)} colour={lineStyle(colour, scheme).colour} isHollow={false} />
            {label}
          </li>
        )
      })}
      {hasEnsembles && (
        <li className="flex items-center gap-2">
          <Mark outline={outlineOf('CIRCLE')} colour="var(--mantine-color-dimmed)" isHollow />
          hollow: an ensemble
        </li>
      )}
      <li className="flex items-center gap-2">
        <svg width="22" height="8" aria-hidden="true">
          <line
            x2="22"
            y1="4"
            y2="4"
            stroke="var(--mantine-color-dimmed)"
            strokeWidth="1.5"
            strokeDasharray="5 4"
          />
        </svg>
        the best of their {of}
      </li>
    </ul>
  )
}

function Mark({ outline, colour, isHollow }: { outline: string; colour: string; isHollow: boolean }) {
  return (
    <svg width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true" className="shrink-0">
      <path d={outline} fill={isHollow ? 'none' : colour} stroke={colour} strokeWidth="2" />
    </svg>
  )
}
