'use client'

import { type RefObject, useLayoutEffect, useRef, useState } from 'react'

/** Scroll positions this close to the end count as at the end. */
const NEAR_PX = 24

/**
 * Keeps a growing list scrolled to its end until the user scrolls up; resumes when the user returns to the
 * end.
 * @param height  total height of the list
 */
export function useFollow(scroller: RefObject<HTMLElement | null>, height: number) {
  const [following, setFollowing] = useState(true)
  /** The last scroll position; a growing list never scrolls up by itself. */
  const top = useRef(0)

  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls to the end whenever the height changes
  useLayoutEffect(() => {
    const element = scroller.current
    if (!following || !element) return
    // Rows are measured before the scroll event that brought them into view is dispatched.
    if (scrolledUp(element, top.current)) return setFollowing(false)
    element.scrollTop = element.scrollHeight
    top.current = element.scrollTop
  }, [following, height, scroller])

  const follow = () => {
    top.current = 0
    setFollowing(true)
    scroller.current?.focus()
  }
  return {
    following,
    follow,
    onScroll({ currentTarget: element }: { currentTarget: HTMLElement }) {
      if (isAtEnd(element)) setFollowing(true)
      else if (scrolledUp(element, top.current)) setFollowing(false)
      top.current = element.scrollTop
    },
    /** The browser's own End key would stop short, because rows measured on the way move the end. */
    onKeyDown(event: { key: string; preventDefault: () => void }) {
      if (event.key !== 'End') return
      event.preventDefault()
      follow()
    },
  }
}

function isAtEnd({ scrollHeight, scrollTop, clientHeight }: HTMLElement): boolean {
  return scrollHeight - scrollTop - clientHeight <= NEAR_PX
}

function scrolledUp(element: HTMLElement, before: number): boolean {
  return element.scrollTop < before - 1 && !isAtEnd(element)
}
