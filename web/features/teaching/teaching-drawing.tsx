'use client'

import { useComputedColorScheme } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { lineStyle, type Scheme } from '../../charts/line-style.ts'
import {
  describeTeaching,
  type Lesson,
  lessonsOf,
  type TaughtStudent,
  type TeachingRules,
} from './teaching-graph.ts'
import {
  arrowScale,
  drawLesson,
  heightOf,
  LABELS_SIZE,
  type Place,
  type Point,
  placeLabels,
  placeMean,
  placeStudents,
  WIDTHS,
} from './teaching-layout.ts'

/** Pixels below which the wide drawing's words would be too small to read. */
const NARROWEST = 480
const MOST_WITH_NOTES = 6
/** Keeps words legible where arrows pass behind them. */
const HALO = { stroke: 'var(--surface)', strokeWidth: 4, paintOrder: 'stroke' } as const
const THINNEST = 1.5
const THICKEST = 6

interface Props {
  students: readonly TaughtStudent[]
  teaching: TeachingRules
  /** What stands in a student's circle, by position. */
  scores?: readonly string[]
  /** How much is learned by a lesson, nats; null where it was not measured. */
  strengthOf?: (lesson: Lesson) => number | null
  /** The strength that has the thickest arrow; the greatest of these unless it is told, as where they are to be seen to fall. */
  strongest?: number
  /** The position of the student that a page is about, which gets a ring. */
  own?: number | null
  /** Lessons move while a run trains. */
  isLive?: boolean
}

/** Students, the labels they learn from and what they teach each other; the thicker an arrow, the more is left to learn. */
export function TeachingDrawing({
  students,
  teaching,
  scores,
  strengthOf,
  strongest,
  own = null,
  isLive = false,
}: Props) {
  const scheme = useComputedColorScheme('light')
  const { ref, width: frameWidth } = useElementSize<HTMLDivElement>()
  const width = frameWidth > 0 && frameWidth < NARROWEST ? WIDTHS.narrow : WIDTHS.wide
  const places = placeStudents(students.length, width)
  const lessons = lessonsOf(teaching, students.length)
  const strengths = lessons.map((lesson) => strengthOf?.(lesson) ?? null)
  const most = strongest ?? Math.max(...strengths.map((strength) => strength ?? 0))
  const names = students.map(({ name }) => name)
  const moves = isLive ? ' lesson-moves' : ''
  return (
    <div ref={ref}>
      <svg
        viewBox={`0 0 ${width} ${heightOf(students.length)}`}
        className="mx-auto block h-auto w-full max-w-[760px]"
        role="img"
        aria-label={describeTeaching(teaching, names)}
      >
        {lessons.map((lesson, i) => {
          const arrow = drawLesson(lesson, places, width)
          if (!arrow) return null
          const colour = colourOf(lesson, scheme)
          const isOfPeers = lesson.from !== 'LABELS'
          return (
            <g key={`${lesson.from} ${lesson.to}`} opacity={isOfPeers ? 0.85 : 0.5}>
              <path
                d={arrow.line}
                fill="none"
                stroke={colour}
                strokeWidth={
                  isOfPeers ? arrowScale(students.length) * thickness(strengths[i] ?? null, most) : 1
                }
                className={isOfPeers ? `lesson${moves}` : undefined}
                strokeDasharray={isOfPeers && teaching.partnerRule === 'ONE_PER_EPOCH' ? '7 6' : undefined}
              />
              <path d={arrow.head} fill={colour} />
            </g>
          )
        })}
        <LabelsNode at={placeLabels(width)} />
        {teaching.method === 'ENSEMBLE_TEACHER' && <MeanNode at={placeMean(width)} />}
        {students.map((student, i) => {
          const place = places[i]
          if (!place) return null
          const isTeacher = teaching.method === 'DISTILLATION' && i === 0
          const note = isTeacher ? `${student.architecture}, teacher` : student.architecture
          return (
            <g key={student.name} textAnchor="middle" fill="var(--mantine-color-text)" className="numbers">
              {i === own && (
                <circle
                  cx={place.x}
                  cy={place.y}
                  r={place.radius + 4}
                  fill="none"
                  stroke={lineStyle(i, scheme).colour}
                  strokeWidth="1.5"
                />
              )}
              <circle
                cx={place.x}
                cy={place.y}
                r={place.radius}
                fill="var(--surface)"
                stroke={lineStyle(i, scheme).colour}
                strokeWidth="2.5"
              />
              {place.radius > 20 && (
                <text x={place.x} y={place.y + 4} fontSize="12" fontWeight="600">
                  {scores?.[i] ?? ''}
                </text>
              )}
              <text x={place.x} y={place.y + place.radius + 17} fontSize="13" fontWeight="500" {...HALO}>
                {shortened(student.name, students.length)}
              </text>
              {students.length <= MOST_WITH_NOTES && (
                <text
                  x={place.x}
                  y={place.y + place.radius + 33}
                  fontSize="11.5"
                  fill="var(--mantine-color-dimmed)"
                  {...HALO}
                >
                  {note}
                </text>
              )}
            </g>
          )
        })}
      </svg>
    </div>
  )
}

/** An arrow has the colour of whoever teaches. */
function colourOf({ from }: Lesson, scheme: Scheme): string {
  return typeof from === 'number' ? lineStyle(from, scheme).colour : 'var(--mantine-color-dimmed)'
}

function thickness(strength: number | null, most: number): number {
  if (strength === null || most <= 0) return 2
  return THINNEST + (THICKEST - THINNEST) * Math.sqrt(Math.min(1, strength / most))
}

/** Names of many students lie close together. */
function shortened(name: string, count: number): string {
  const most = count <= MOST_WITH_NOTES ? 18 : Math.max(9, Math.floor(110 / count))
  return name.length > most ? `${name.slice(0, most - 1)}…` : name
}

function LabelsNode({ at: { x, y } }: { at: Point }) {
  const { width, height } = LABELS_SIZE
  return (
    <g>
      <rect
        x={x - width / 2}
        y={y - height / 2}
        width={width}
        height={height}
        rx="8"
        fill="var(--surface)"
        stroke="var(--mantine-color-default-border)"
        strokeWidth="1.5"
      />
      <text x={x} y={y + 4.5} fontSize="13" textAnchor="middle" fill="var(--mantine-color-text)">
        labels
      </text>
    </g>
  )
}

function MeanNode({ at: { x, y, radius } }: { at: Place }) {
  return (
    <g>
      <circle
        cx={x}
        cy={y}
        r={radius}
        fill="var(--surface)"
        stroke="var(--mantine-color-dimmed)"
        strokeWidth="1.5"
      />
      <text x={x} y={y + 4} fontSize="10.5" textAnchor="middle" fill="var(--mantine-color-text)">
        mean
      </text>
    </g>
  )
}
