'use client'

import { useQuery } from '@apollo/client/react'
import { useEffect, useRef } from 'react'
import { RunClassCurvesDocument, RunClassNamesDocument } from '../../../../graphql/generated/operations.ts'
import type { ClassCurves } from './class-curve-lines.ts'

/** The names of a run's classes, in their order; null until they are known. */
export function useClassNames(runId: string): readonly string[] | null {
  const { data } = useQuery(RunClassNamesDocument, { variables: { runId } })
  return data?.node?.__typename === 'Run' ? data.node.datasetVersion.classes : null
}

/**
 * Curves of classes, read again after every evaluation; those shown before stay until others are there.
 * @param evaluations  how many the page has heard of
 */
export function useClassCurves(
  wanted: { runId: string; student: number | null; classes: number[] | null },
  evaluations: number,
) {
  const { data, previousData, error, refetch } = useQuery(RunClassCurvesDocument, {
    variables: wanted,
    fetchPolicy: 'cache-and-network',
  })
  const read = useRef(evaluations)
  useEffect(() => {
    if (read.current === evaluations) return
    read.current = evaluations
    void refetch().catch(() => undefined)
  }, [evaluations, refetch])
  const { node } = data ?? previousData ?? {}
  const curves: ClassCurves | null = node?.__typename === 'Run' ? node.classCurves : null
  return { curves, isLoading: !data && !previousData && !error, error: data ? undefined : error, refetch }
}
