'use client'

import { useSearchParams } from 'next/navigation'
import { useCallback, useMemo } from 'react'
import { pageUrl } from '../design/page-url.ts'
import { type ChartSettings, readChartSettings, writeChartSettings } from './chart-settings.ts'

/** Display settings of a page's charts, kept in the URL so that links lead to the same view. */
export function useChartSettings(): [ChartSettings, (settings: ChartSettings) => void] {
  const search = useSearchParams()
  const settings = useMemo(() => readChartSettings(new URLSearchParams(search)), [search])
  const change = useCallback((next: ChartSettings) => {
    const parameters = writeChartSettings(new URLSearchParams(location.search), next)
    // Next.js observes the history API, so the URL changes without a request to the server.
    window.history.replaceState(null, '', pageUrl(parameters))
  }, [])
  return [settings, change]
}
