import type { Lesson } from './teaching-graph.ts'

/** What the drawing is laid out for; words keep their size on a narrow screen. */
export const WIDTHS = { wide: 640, narrow: 360 }
const LABELS_Y = 26
export const LABELS_SIZE = { width: 84, height: 30 }
const CENTER_Y = 190
const MARGIN = 75
const ELLIPSE_DOWN = 110

export interface Point {
  x: number
  y: number
}

export interface Place extends Point {
  radius: number
}

export function heightOf(count: number): number {
  return count <= 2 ? 270 : 375
}

export function placeLabels(width: number): Point {
  return { x: width / 2, y: LABELS_Y }
}

/** The mean prediction, in the middle of the students. */
export function placeMean(width: number): Place {
  return { x: width / 2, y: CENTER_Y, radius: 17 }
}

/**
 * Students in cohort order, from the left to the right, below the labels: two stand level, more around an ellipse with a
 * gap at its top for the labels.
 */
export function placeStudents(count: number, width: number): Place[] {
  const middle = width / 2
  const across = middle - MARGIN
  if (count === 1) return [{ x: middle, y: CENTER_Y, radius: 27 }]
  if (count === 2) return [-1, 1].map((side) => ({ x: middle + side * across, y: CENTER_Y, radius: 27 }))
  const radius = Math.min(27, Math.max(width < WIDTHS.wide ? 8 : 13, (150 * width) / WIDTHS.wide / count + 2))
  return Array.from({ length: count }, (_, i) => {
    const angle = -Math.PI / 2 - ((i + 0.5) * 2 * Math.PI) / count
    return { x: middle + across * Math.cos(angle), y: CENTER_Y + ELLIPSE_DOWN * Math.sin(angle), radius }
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
export function drawLesson({ from, to }: Lesson, places: readonly Place[], width: number): Arrow | null {
  const scale = arrowScale(places.length)
  const end = to === 'MEAN' ? placeMean(width) : places[to]
  if (!end) return null
  if (from === 'LABELS') {
    const { x, y } = placeLabels(width)
    return arrowBetween({ x, y: y + LABELS_SIZE.height / 2, radius: 0 }, end, 0, scale)
  }
  const start = from === 'MEAN' ? placeMean(width) : places[from]
  return start ? arrowBetween(start, end, 0.12, scale) : null
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
