'use client'

import { type KeyboardEvent, useCallback, useMemo, useState } from 'react'
import {
  type Cell,
  type ClassOrder,
  orderClasses,
  type Sight,
  sightAround,
  sightSizes,
  sightWith,
  totalsOf,
} from './confusion.ts'
import type { ShownMatrix } from './confusion-options.ts'

const ARROWS: Record<string, [rows: number, columns: number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
}

/** What of a matrix is in sight, in which order, and which cell is told in words; by pointer and by keyboard. */
export function useConfusionView(names: string[], cells: Cell[]) {
  const [order, setOrder] = useState<ClassOrder>('DATASET')
  const [sight, setSight] = useState<Sight>({ row: 0, column: 0, size: names.length })
  const [chosen, setChosen] = useState<[label: number, takenFor: number] | null>(null)
  const classes = useMemo(() => orderClasses(names.length, cells, order), [names.length, cells, order])
  const places = useMemo(() => new Map(classes.map((label, place) => [label, place])), [classes])
  const placeOf = ([label, takenFor]: [number, number]): [number, number] => [
    places.get(label) ?? 0,
    places.get(takenFor) ?? 0,
  ]
  const sizes = sightSizes(names.length)
  const middle: [number, number] = chosen
    ? placeOf(chosen)
    : [sight.row + Math.floor(sight.size / 2), sight.column + Math.floor(sight.size / 2)]

  const zoom = (steps: number) => {
    const size = sizes[sizes.indexOf(sight.size) + steps]
    if (size !== undefined) setSight(sightAround(middle, size, names.length))
  }
  const choose = (label: number, takenFor: number, size = sight.size) => {
    const place = placeOf([label, takenFor])
    setChosen([label, takenFor])
    setSight(
      size === sight.size ? sightWith(sight, place, names.length) : sightAround(place, size, names.length),
    )
  }
  const reorder = (next: ClassOrder) => {
    setOrder(next)
    setSight({ row: 0, column: 0, size: sight.size })
    setChosen(null)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const arrow = ARROWS[event.key]
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === '+' || event.key === '=') zoom(1)
    else if (event.key === '-') zoom(-1)
    else if (event.key === '0') setSight({ row: 0, column: 0, size: names.length })
    else if (arrow) {
      const [row, column] = chosen ? placeOf(chosen) : [sight.row - arrow[0], sight.column - arrow[1]]
      const within = (place: number) => classes[Math.max(0, Math.min(names.length - 1, place))] ?? 0
      choose(within(row + arrow[0]), within(column + arrow[1]))
    } else return
    event.preventDefault()
  }
  const { row, column } = sight
  const onSelect = useCallback(
    (inRow: number, inColumn: number) =>
      setChosen([classes[row + inRow] ?? 0, classes[column + inColumn] ?? 0]),
    [classes, row, column],
  )
  const matrix = useMemo(
    () => show({ names, cells, classes, places, sight, chosen }),
    [names, cells, classes, places, sight, chosen],
  )
  return { order, reorder, sight, sizes, zoom, chosen, choose, onKeyDown, onSelect, matrix }
}

/** Of few classes every cell can be pointed at, and not only those that count something. */
const MOST_FILLED = 40

function withNoughts(shown: ShownMatrix['cells'], size: number): ShownMatrix['cells'] {
  const known = new Map(shown.map((cell) => [cell.row * size + cell.column, cell]))
  return Array.from({ length: size * size }, (_, i) => {
    const nought = { row: Math.floor(i / size), column: i % size, count: 0, share: 0 }
    return known.get(i) ?? nought
  })
}

interface View {
  names: string[]
  cells: Cell[]
  classes: number[]
  places: Map<number, number>
  sight: Sight
  chosen: [number, number] | null
}

function show({ names, cells, classes, places, sight, chosen }: View): ShownMatrix {
  const totals = totalsOf(cells)
  const namesFrom = (first: number) =>
    classes.slice(first, first + sight.size).map((label) => names[label] ?? '')
  const placed = (label: number, takenFor: number) => ({
    row: (places.get(label) ?? 0) - sight.row,
    column: (places.get(takenFor) ?? 0) - sight.column,
  })
  const isInSight = ({ row, column }: { row: number; column: number }) =>
    row >= 0 && row < sight.size && column >= 0 && column < sight.size
  const chosenPlace = chosen && placed(...chosen)
  const shown = cells
    .map(({ class: label, takenFor, count }) => ({
      ...placed(label, takenFor),
      count,
      share: count / (totals.get(label) ?? 1),
    }))
    .filter(isInSight)
  return {
    rows: namesFrom(sight.row),
    columns: namesFrom(sight.column),
    cells: sight.size <= MOST_FILLED ? withNoughts(shown, sight.size) : shown,
    chosen: chosenPlace && isInSight(chosenPlace) ? chosenPlace : null,
  }
}
