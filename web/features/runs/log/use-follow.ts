'use client'

import { type RefObject, useLayoutEffect, useRef, useState } from 'react'

/** So near to its end counts as at the end. */
const NEAR_PX = 24

/**
 * Keeps a list at its end as it grows, until somebody scrolls up; goes on when they come back to the end.
 * @param height  of all of the list, which grows with it
 */
export function useFollow(scroller: RefObject<HTMLElement | null>, height: number) {
  const [following, setFollowing] = useState(true)
  /** Where it stood when last looked at. A list that grows never moves up by itself. */
  const top = useRef(0)

  // biome-ignore lint/correctness/useExhaustiveDependencies: the height is what makes it go to the end anew
  useLayoutEffect(() => {
    const element = scroller.current
    if (!following || !element) return
    // Rows are measured before the event of the scroll that brought them in sight is told.
    if (wentUp(element, top.current)) return setFollowing(false)
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
      else if (wentUp(element, top.current)) setFollowing(false)
      top.current = element.scrollTop
    },
    /** Rows are measured on the way, so that the end moves away from whoever is scrolled to where it was. */
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

function wentUp(element: HTMLElement, before: number): boolean {
  return element.scrollTop < before - 1 && !isAtEnd(element)
}
