'use client'

import { useEffect } from 'react'
import { currentEntry, keepPlace, readPlace, storePlaces } from './places.ts'

const NAME = 'page'
/** Who waits longer than this for a list has gone on to something else. */
const PATIENCE_MS = 10_000
/** What comes late may move the page once more. */
const SETTLE_MS = 600
/** By these somebody says where they want to be. */
const OWN_MOVES = ['wheel', 'touchmove', 'keydown', 'pointerdown'] as const

/**
 * Leads Back and a reload to where the page was scrolled, also where what was there is loaded later than the browser
 * looks for it.
 */
export function useKeptScroll(): void {
  useEffect(() => {
    let stop: (() => void) | null = null
    const end = () => {
      stop?.()
      stop = null
    }
    const restore = () => {
      end()
      const top = readPlace(currentEntry(), NAME)
      if (top !== null) stop = scrollOnceThere(top, end)
    }
    const note = () => {
      if (!stop) keepPlace(currentEntry(), NAME, window.scrollY)
    }
    const [loaded] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
    if (loaded?.type === 'reload' || loaded?.type === 'back_forward') restore()
    window.addEventListener('popstate', restore)
    window.addEventListener('scroll', note, { passive: true })
    window.addEventListener('pagehide', storePlaces)
    for (const move of OWN_MOVES) window.addEventListener(move, end, { passive: true, capture: true })
    return () => {
      end()
      window.removeEventListener('popstate', restore)
      window.removeEventListener('scroll', note)
      window.removeEventListener('pagehide', storePlaces)
      for (const move of OWN_MOVES) window.removeEventListener(move, end, { capture: true })
    }
  }, [])
}

/** Scrolls there as soon as the page is tall enough, and again where it grows at once after that. @returns stops it */
function scrollOnceThere(top: number, onEnd: () => void): () => void {
  const entry = currentEntry()
  let timer = setTimeout(onEnd, PATIENCE_MS)
  const follow = () => {
    if (currentEntry() !== entry) return onEnd()
    const { scrollHeight, clientHeight } = document.documentElement
    // Both are rounded, and how far it was scrolled is not.
    if (scrollHeight - clientHeight < Math.floor(top)) return
    window.scrollTo({ top, behavior: 'instant' })
    clearTimeout(timer)
    timer = setTimeout(onEnd, SETTLE_MS)
  }
  const growth = new ResizeObserver(follow)
  growth.observe(document.body)
  return () => {
    growth.disconnect()
    clearTimeout(timer)
  }
}
