'use client'

import { useSearchParams } from 'next/navigation'
import { useCallback, useMemo } from 'react'
import { type ChartSettings, readChartSettings, writeChartSettings } from './chart-settings.ts'

/** How a page's charts are drawn. It is kept in the URL, so that a link leads to the same view. */
export function useChartSettings(): [ChartSettings, (settings: ChartSettings) => void] {
  const search = useSearchParams()
  const settings = useMemo(() => readChartSettings(new URLSearchParams(search)), [search])
  const change = useCallback((next: ChartSettings) => {
    const text = writeChartSettings(new URLSearchParams(location.search), next).toString()
    // Next follows the history: the address changes without asking the server for a page.
    window.history.replaceState(null, '', text ? `${location.pathname}?${text}` : location.pathname)
  }, [])
  return [settings, change]
}
