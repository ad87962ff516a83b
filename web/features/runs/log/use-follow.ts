'use client'

import { type RefObject, useLayoutEffect, useRef, useState } from 'react'

/** So near to its end counts as at the end. */
const NEAR_PX = 24
const UPWARD_KEYS = ['ArrowUp', 'PageUp', 'Home']

/**
 * Keeps a list at its end as it grows, until somebody scrolls up; goes on when they come back to the end.
 * @param height  of all of the list, which grows with it
 */
export function useFollow(scroller: RefObject<HTMLElement | null>, height: number) {
  const [following, setFollowing] = useState(true)
  // Rows that are measured move the list, too; only a hand stops the following.
  const byHand = useRef(false)

  // biome-ignore lint/correctness/useExhaustiveDependencies: the height is what makes it go to the end anew
  useLayoutEffect(() => {
    const element = scroller.current
    if (following && element) element.scrollTop = element.scrollHeight
  }, [following, height, scroller])

  const touch = () => {
    byHand.current = true
  }
  return {
    following,
    follow() {
      byHand.current = false
      setFollowing(true)
      scroller.current?.focus()
    },
    handlers: {
      onWheel: touch,
      onTouchMove: touch,
      onPointerDown: touch,
      onKeyDown: ({ key, shiftKey }: { key: string; shiftKey: boolean }) => {
        if (UPWARD_KEYS.includes(key) || (key === ' ' && shiftKey)) touch()
      },
      onScroll: ({ currentTarget }: { currentTarget: HTMLElement }) => {
        const below = currentTarget.scrollHeight - currentTarget.scrollTop - currentTarget.clientHeight
        if (below <= NEAR_PX) {
          byHand.current = false
          setFollowing(true)
        } else if (byHand.current) setFollowing(false)
      },
    },
  }
}
