'use client'

import { useApolloClient } from '@apollo/client/react'
import { useCallback, useEffect, useRef, useState } from 'react'
import { DatasetPicturesDocument, type DatasetPicturesQuery } from '../../../graphql/generated/operations.ts'
import { type LoadedPages, PageLoader } from './page-loader.ts'

/** About what a wide screen shows at once. */
const PAGE = 200

type Version = Extract<DatasetPicturesQuery['node'], { __typename: 'DatasetVersion' }>
export type Picture = Version['pictures']['nodes'][number]

export interface PictureFilter {
  split: string
  classIndex: number | null
  duplicates: boolean
  /** These of the split alone; null where all may be seen. */
  only: number[] | null
}

const NONE: LoadedPages<Picture> = { totalCount: null, byNumber: new Map(), error: null }

/** The images that a filter leaves, of which pages are fetched as they come into sight. */
export function usePicturePages(versionId: string, filter: PictureFilter) {
  const apollo = useApolloClient()
  const [pages, setPages] = useState(NONE)
  const asking = useRef<PageLoader<Picture> | null>(null)

  useEffect(() => {
    const { split, classIndex, duplicates, only: indices } = filter
    const variables = { id: versionId, split, class: classIndex, duplicates, indices, first: PAGE }
    const own = new PageLoader<Picture>({
      pageSize: PAGE,
      onChange: setPages,
      async ask(page) {
        const { data } = await apollo.query({
          query: DatasetPicturesDocument,
          variables: { ...variables, offset: page * PAGE },
          // Kept here for as long as the grid is there: the cache would only make every page slower to take in.
          fetchPolicy: 'no-cache',
        })
        return data?.node?.__typename === 'DatasetVersion' ? data.node.pictures : null
      },
    })
    asking.current = own
    setPages(NONE)
    own.show(0, 0)
    return () => own.end()
  }, [apollo, versionId, filter])

  const show = useCallback((first: number, last: number) => asking.current?.show(first, last), [])
  const pictureAt = (position: number) => pages.byNumber.get(Math.floor(position / PAGE))?.[position % PAGE]
  return { totalCount: pages.totalCount, error: pages.error, pictureAt, show }
}
