import type { Lesson } from './teaching-graph.ts'

export const WIDTH = 640
export const LABELS = { x: WIDTH / 2, y: 26, width: 84, height: 30 }
export const MEAN = { x: WIDTH / 2, y: 190, radius: 17 }

export interface Point {
  x: number
  y: number
}

interface Place extends Point {
  radius: number
}

/** Two students stand level; more stand around an ellipse, with a gap at its top for the labels. */
const LEVEL = { x: WIDTH / 2, y: 190, across: 235 }
const ELLIPSE = { x: WIDTH / 2, y: 195, across: 245, down: 110 }

export function heightOf(count: number): number {
  return count <= 2 ? 270 : 375
}

/** Students in cohort order, from the left to the right, below the labels. */
export function placeStudents(count: number): Place[] {
  if (count === 1) return [{ x: LEVEL.x, y: LEVEL.y, radius: 27 }]
  if (count === 2)
    return [-1, 1].map((side) => ({ x: LEVEL.x + side * LEVEL.across, y: LEVEL.y, radius: 27 }))
  const radius = Math.min(27, Math.max(13, 150 / count))
  return Array.from({ length: count }, (_, i) => {
    const angle = -Math.PI / 2 - ((i + 0.5) * 2 * Math.PI) / count
    return {
      x: ELLIPSE.x + ELLIPSE.across * Math.cos(angle),
      y: ELLIPSE.y + ELLIPSE.down * Math.sin(angle),
      radius,
    }
  })
}

export interface Arrow {
  /** The line, and the triangle at its end, as SVG paths. */
  line: string
  head: string
}

const GAP = 5
const HEAD_LENGTH = 9
const HEAD_WIDTH = 8
/** Of many students the arrows are many, and smaller. */
const MOST_FULL_SIZED = 4

export function arrowScale(count: number): number {
  return Math.min(1, MOST_FULL_SIZED / count)
}

/** The arrow of a lesson, bent so that two students' arrows to each other lie side by side. */
export function drawLesson({ from, to }: Lesson, places: readonly Place[]): Arrow | null {
  const scale = arrowScale(places.length)
  const end = to === 'MEAN' ? MEAN : places[to]
  if (!end) return null
  if (from === 'LABELS')
    return arrowBetween({ x: LABELS.x, y: LABELS.y + LABELS.height / 2, radius: 0 }, end, 0, scale)
  const start = from === 'MEAN' ? MEAN : places[from]
  if (!start) return null
  return arrowBetween(start, end, 0.12, scale)
}

/** @param bend  how far the middle lies to the left of the straight line, as a share of its length */
function arrowBetween(start: Place, end: Place, bend: number, scale: number): Arrow {
  const [dx, dy] = [end.x - start.x, end.y - start.y]
  const control = { x: start.x + dx / 2 + dy * bend, y: start.y + dy / 2 - dx * bend }
  const first = towards(start, control, start.radius + GAP)
  const tip = towards(end, control, end.radius + GAP)
  const neck = towards(tip, control, HEAD_LENGTH * scale)
  const halfWidth = (HEAD_WIDTH * scale) / 2
  return {
    line: `M${spell(first)} Q${spell(control)} ${spell(neck)}`,
    head: `M${spell(tip)} L${spell(beside(neck, tip, halfWidth))} L${spell(beside(neck, tip, -halfWidth))} Z`,
  }
}

function towards(from: Point, to: Point, distance: number): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1
  return {
    x: from.x + ((to.x - from.x) * distance) / length,
    y: from.y + ((to.y - from.y) * distance) / length,
  }
}

function beside(point: Point, seenFrom: Point, distance: number): Point {
  const length = Math.hypot(point.x - seenFrom.x, point.y - seenFrom.y) || 1
  return {
    x: point.x + ((point.y - seenFrom.y) * distance) / length,
    y: point.y - ((point.x - seenFrom.x) * distance) / length,
  }
}

function spell({ x, y }: Point): string {
  return `${x.toFixed(1)} ${y.toFixed(1)}`
}
