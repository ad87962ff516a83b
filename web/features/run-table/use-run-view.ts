'use client'

import { useQuery } from '@apollo/client/react'
import { useSearchParams } from 'next/navigation'
import { useMemo } from 'react'
import { type RunView, readRunView, writeRunView } from '../../../contract/runs/run-view.ts'
import { pageUrl } from '../../design/page-url.ts'
import { type RunViewPartsFragment, RunViewsDocument } from '../../graphql/generated/operations.ts'

export interface ShownView {
  view: RunView
  /** What the list's URL would hold. */
  search: string
  /** The saved view that is shown as it was saved; null for any other. */
  saved: RunViewPartsFragment | null
  savedViews: readonly RunViewPartsFragment[]
  change: (change: Partial<RunView>) => void
  /** Shows a saved view, by a link that stays with it. */
  open: (saved: RunViewPartsFragment | null) => void
}

/** The view in the URL: of its own, a saved one (`?view=`), or the team's default; null while it is not known yet. */
export function useRunView(slug: string): ShownView | null {
  const parameters = useSearchParams()
  const { data, error } = useQuery(RunViewsDocument, { variables: { slug } })
  const savedViews = data?.team?.runViews
  const named = parameters.get('view')
  const isPlain = parameters.size === 0
  return useMemo(() => {
    if ((named !== null || isPlain) && !savedViews && !error) return null
    const views = savedViews ?? []
    const saved =
      views.find(({ id, isDefault }) => (named === null ? isPlain && isDefault : id === named)) ?? null
    const view = readRunView(new URLSearchParams(saved?.search ?? parameters.toString()))
    const hasDefault = views.some(({ isDefault }) => isDefault)
    const urlSearch = (next: URLSearchParams) => {
      // Without a parameter the default view would be shown.
      if (next.size === 0 && hasDefault) next.set('sort', '-number')
      return next
    }
    const show = (next: URLSearchParams) => window.history.replaceState(null, '', pageUrl(urlSearch(next)))
    return {
      view,
      search: urlSearch(writeRunView(view)).toString(),
      saved,
      savedViews: views,
      change: (change: Partial<RunView>) => show(writeRunView({ ...view, ...change })),
      open: (next: RunViewPartsFragment | null) => show(new URLSearchParams(next ? { view: next.id } : {})),
    }
  }, [parameters, savedViews, error, named, isPlain])
}

/** A view's filters, as the API takes them. */
export function filterOf({ statuses, where, text, isArchived }: RunView) {
  return {
    statuses: statuses.length > 0 ? statuses : null,
    where: where.length > 0 ? where : null,
    text: text || null,
    archived: isArchived,
  }
}
