import type { Lesson } from './teaching-graph.ts'

export const WIDTH = 640
export const HEIGHT = 300
export const LABELS = { x: WIDTH / 2, y: 26, width: 84, height: 30 }
export const MEAN = { x: WIDTH / 2, y: 132, radius: 15 }

export interface Point {
  x: number
  y: number
}

interface Place extends Point {
  radius: number
}

const MARGIN = 70
const ARC_DEPTH = 70

/** Students on an arc below the labels, from left to right; two stand level. */
export function placeStudents(count: number): Place[] {
  const spacing = (WIDTH - 2 * MARGIN) / Math.max(1, count - 1)
  const radius = Math.min(27, Math.max(11, 0.36 * spacing))
  return Array.from({ length: count }, (_, i) => {
    const share = count === 1 ? 0.5 : i / (count - 1)
    const y = count === 2 ? 190 : 150 + ARC_DEPTH * Math.sin(Math.PI * share)
    return { x: MARGIN + share * (WIDTH - 2 * MARGIN), y, radius }
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

/** The arrow of a lesson, bent so that two students' arrows to each other lie side by side. */
export function drawLesson({ from, to }: Lesson, places: readonly Place[]): Arrow | null {
  const end = to === 'MEAN' ? MEAN : places[to]
  if (!end) return null
  if (from === 'LABELS')
    return arrowBetween({ x: LABELS.x, y: LABELS.y + LABELS.height / 2, radius: 0 }, end, 0)
  const start = from === 'MEAN' ? MEAN : places[from]
  if (!start) return null
  return arrowBetween(start, end, 0.14)
}

/** @param bend  how far the middle lies to the left of the straight line, as a share of its length */
function arrowBetween(start: Place, end: Place, bend: number): Arrow {
  const [dx, dy] = [end.x - start.x, end.y - start.y]
  const control = { x: start.x + dx / 2 + dy * bend, y: start.y + dy / 2 - dx * bend }
  const first = towards(start, control, start.radius + GAP)
  const tip = towards(end, control, end.radius + GAP)
  const neck = towards(tip, control, HEAD_LENGTH)
  return {
    line: `M${spell(first)} Q${spell(control)} ${spell(neck)}`,
    head: `M${spell(tip)} L${spell(beside(neck, tip, HEAD_WIDTH / 2))} L${spell(beside(neck, tip, -HEAD_WIDTH / 2))} Z`,
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
