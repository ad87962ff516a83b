'use client'

import { type KeyboardEvent, type RefObject, useCallback, useEffect, useRef, useState } from 'react'

interface Grid {
  count: number
  columns: number
  /** Rows that fit in sight. */
  rowsInSight: number
  frame: RefObject<HTMLElement | null>
  /** Scrolls until the row is in sight. */
  scrollToRow(row: number): void
}

/**
 * One stop of Tab for however many cells, and arrows, pages and ends to go among them. Rows mean nothing here, they are
 * as wide as the window: Home and End lead to the first and the last of all.
 */
export function useGridKeys({ count, columns, rowsInSight, frame, scrollToRow }: Grid) {
  const [current, setCurrent] = useState(0)
  const isToBeFocused = useRef(false)
  const moves: Record<string, number> = {
    ArrowLeft: current - 1,
    ArrowRight: current + 1,
    ArrowUp: current - columns,
    ArrowDown: current + columns,
    PageUp: Math.max(current % columns, current - columns * rowsInSight),
    PageDown: current + columns * rowsInSight,
    Home: 0,
    End: count - 1,
  }

  // A cell that was out of sight is there only some draws after the scrolling.
  useEffect(() => {
    if (!isToBeFocused.current) return
    const cell = frame.current?.querySelector<HTMLElement>(`[data-position="${current}"]`)
    if (!cell) return
    isToBeFocused.current = false
    cell.focus({ preventScroll: true })
  })

  const onKeyDown = (event: KeyboardEvent) => {
    const aim = moves[event.key]
    if (aim === undefined || count === 0) return
    event.preventDefault()
    if (aim < 0) return
    const next = Math.min(aim, count - 1)
    isToBeFocused.current = true
    setCurrent(next)
    scrollToRow(Math.floor(next / columns))
  }
  const onReach = useCallback((position: number) => setCurrent(position), [])
  return { current: Math.min(current, Math.max(0, count - 1)), onKeyDown, onReach }
}
