import { Text } from '@mantine/core'
import { useId } from 'react'
import { type DeviceColumns, STATE_WORDS, STATES } from './capacity-columns.ts'

const WIDTH = 960
const HEIGHT = 96
const GAP = 1

/** What became of the places of one kind of device: a column a period, its parts told by colour and by pattern. */
export function CapacityChart({ device, most, columns }: DeviceColumns) {
  const id = useId()
  return (
    <figure className="m-0">
      <figcaption className="mb-1 flex justify-between text-xs text-[var(--mantine-color-dimmed)]">
        <span>{device}</span>
        <span className="numbers">{most === 1 ? '1 place' : `up to ${most} places`}</span>
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="block h-24 w-full border-b border-[var(--line)]"
        role="img"
        aria-label={`Places on ${device}s, by what they did; the table below has the numbers`}
      >
        <defs>
          {STATES.map((state) => (
            <Fill key={state} id={`${id}-${state}`} state={state} />
          ))}
        </defs>
        {columns.flatMap(({ at, from, width, parts }) =>
          parts.map(({ state, below, places }) => (
            <rect
              key={`${at} ${state}`}
              x={from * WIDTH}
              width={Math.max(0.5, width * WIDTH - GAP)}
              y={HEIGHT * (1 - (below + places) / most)}
              height={(HEIGHT * places) / most}
              fill={`url(#${id}-${state})`}
            />
          )),
        )}
      </svg>
    </figure>
  )
}

export function CapacityLegend() {
  const id = useId()
  return (
    <div className="flex flex-wrap gap-x-4 gap-y-1">
      {STATES.map((state) => (
        <span key={state} className="inline-flex items-center gap-1.5">
          <svg width={14} height={14} aria-hidden>
            <defs>
              <Fill id={`${id}-${state}`} state={state} />
            </defs>
            <rect width={14} height={14} fill={`url(#${id}-${state})`} />
          </svg>
          <Text size="xs" component="span">
            {STATE_WORDS[state]}
          </Text>
        </span>
      ))}
    </div>
  )
}

const STROKES = {
  busy: 'text-[#4f55d3] dark:text-[#8f95ff]',
  idle: 'text-[#b9bbd9] dark:text-[#4a4d70]',
  drained: 'text-[#8a6100] dark:text-[#e0b93f]',
  away: 'text-[#c02020] dark:text-[#ff8787]',
}

function Fill({ id, state }: { id: string; state: keyof typeof STROKES }) {
  const isHatched = state === 'drained' || state === 'away'
  const turn = state === 'drained' ? 45 : -45
  return (
    <pattern
      id={id}
      width={6}
      height={6}
      patternUnits="userSpaceOnUse"
      patternTransform={isHatched ? `rotate(${turn})` : undefined}
      className={STROKES[state]}
    >
      <rect width={isHatched ? 3 : 6} height={6} fill="currentColor" />
    </pattern>
  )
}
