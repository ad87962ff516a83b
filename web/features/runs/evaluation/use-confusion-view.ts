'use client'

import { type KeyboardEvent, useCallback, useMemo, useState } from 'react'
import {
  type Cell,
  type ClassOrder,
  orderClasses,
  totalsOf,
  type Viewport,
  viewportAround,
  viewportSizes,
  viewportWith,
} from './confusion.ts'
import type { ShownMatrix } from './confusion-options.ts'

const ARROWS: Record<string, [rows: number, columns: number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
}

/**
 * State of the confusion matrix: viewport, class order and described cell, controlled by pointer and
 * keyboard.
 * @param onOpen  called for a cell whose images somebody wants to see
 */
export function useConfusionView(
  names: string[],
  cells: Cell[],
  onOpen: (cell: readonly [label: number, takenFor: number]) => void,
) {
  const [order, setOrder] = useState<ClassOrder>('DATASET')
  const [viewport, setViewport] = useState<Viewport>({ row: 0, column: 0, size: names.length })
  const [chosen, setChosen] = useState<[label: number, takenFor: number] | null>(null)
  const classes = useMemo(() => orderClasses(names.length, cells, order), [names.length, cells, order])
  const places = useMemo(() => new Map(classes.map((label, place) => [label, place])), [classes])
  const placeOf = ([label, takenFor]: [number, number]): [number, number] => [
    places.get(label) ?? 0,
    places.get(takenFor) ?? 0,
  ]
  const sizes = viewportSizes(names.length)
  const middle: [number, number] = chosen
    ? placeOf(chosen)
    : [viewport.row + Math.floor(viewport.size / 2), viewport.column + Math.floor(viewport.size / 2)]

  const zoom = (steps: number) => {
    const size = sizes[sizes.indexOf(viewport.size) + steps]
    if (size !== undefined) setViewport(viewportAround(middle, size, names.length))
  }
  const choose = (label: number, takenFor: number, size = viewport.size) => {
    const place = placeOf([label, takenFor])
    setChosen([label, takenFor])
    setViewport(
      size === viewport.size
        ? viewportWith(viewport, place, names.length)
        : viewportAround(place, size, names.length),
    )
  }
  const reorder = (next: ClassOrder) => {
    setOrder(next)
    setViewport({ row: 0, column: 0, size: viewport.size })
    setChosen(null)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const arrow = ARROWS[event.key]
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === '+' || event.key === '=') zoom(1)
    else if (event.key === '-') zoom(-1)
    else if (event.key === '0') setViewport({ row: 0, column: 0, size: names.length })
    else if (event.key === 'Enter' && chosen) onOpen(chosen)
    else if (arrow) {
      const [row, column] = chosen ? placeOf(chosen) : [viewport.row - arrow[0], viewport.column - arrow[1]]
      const within = (place: number) => classes[Math.max(0, Math.min(names.length - 1, place))] ?? 0
      choose(within(row + arrow[0]), within(column + arrow[1]))
    } else return
    event.preventDefault()
  }
  const { row, column } = viewport
  const onSelect = useCallback(
    (inRow: number, inColumn: number) => {
      const cell: [number, number] = [classes[row + inRow] ?? 0, classes[column + inColumn] ?? 0]
      setChosen(cell)
      onOpen(cell)
    },
    [classes, row, column, onOpen],
  )
  const matrix = useMemo(
    () => show({ names, cells, classes, places, viewport, chosen }),
    [names, cells, classes, places, viewport, chosen],
  )
  return { order, reorder, viewport, sizes, zoom, chosen, choose, onKeyDown, onSelect, matrix }
}

/** Up to this many classes, empty cells are added so that every cell can be pointed at. */
const MAX_FILLED = 40

function withEmptyCells(shown: ShownMatrix['cells'], size: number): ShownMatrix['cells'] {
  const known = new Map(shown.map((cell) => [cell.row * size + cell.column, cell]))
  return Array.from({ length: size * size }, (_, i) => {
    const empty = { row: Math.floor(i / size), column: i % size, count: 0, share: 0 }
    return known.get(i) ?? empty
  })
}

interface View {
  names: string[]
  cells: Cell[]
  classes: number[]
  places: Map<number, number>
  viewport: Viewport
  chosen: [number, number] | null
}

function show({ names, cells, classes, places, viewport, chosen }: View): ShownMatrix {
  const totals = totalsOf(cells)
  const namesFrom = (first: number) =>
    classes.slice(first, first + viewport.size).map((label) => names[label] ?? '')
  const placed = (label: number, takenFor: number) => ({
    row: (places.get(label) ?? 0) - viewport.row,
    column: (places.get(takenFor) ?? 0) - viewport.column,
  })
  const isVisible = ({ row, column }: { row: number; column: number }) =>
    row >= 0 && row < viewport.size && column >= 0 && column < viewport.size
  const chosenPlace = chosen && placed(...chosen)
  const shown = cells
    .map(({ class: label, takenFor, count }) => ({
      ...placed(label, takenFor),
      count,
      share: count / (totals.get(label) ?? 1),
    }))
    .filter(isVisible)
  return {
    rows: namesFrom(viewport.row),
    columns: namesFrom(viewport.column),
    cells: viewport.size <= MAX_FILLED ? withEmptyCells(shown, viewport.size) : shown,
    chosen: chosenPlace && isVisible(chosenPlace) ? chosenPlace : null,
  }
}
