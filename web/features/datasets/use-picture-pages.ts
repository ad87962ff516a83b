'use client'

import { useApolloClient } from '@apollo/client/react'
import { useCallback, useEffect, useRef, useState } from 'react'
import { DatasetPicturesDocument, type DatasetPicturesQuery } from '../../graphql/generated/operations.ts'

const PAGE = 100

type Version = Extract<DatasetPicturesQuery['node'], { __typename: 'DatasetVersion' }>
export type Picture = Version['pictures']['nodes'][number]

export interface PictureFilter {
  split: string
  classIndex: number | null
  duplicates: boolean
}

interface Pages {
  totalCount: number | null
  byNumber: ReadonlyMap<number, Picture[]>
  error: Error | null
}

const NONE: Pages = { totalCount: null, byNumber: new Map(), error: null }

/** The pictures that a filter leaves, of which pages are fetched as they come into sight. */
export function usePicturePages(versionId: string, { split, classIndex, duplicates }: PictureFilter) {
  const apollo = useApolloClient()
  const [pages, setPages] = useState(NONE)
  const asked = useRef(new Set<number>())
  const filter = useRef(0)

  const fetchPage = useCallback(
    async (number: number) => {
      if (asked.current.has(number)) return
      asked.current.add(number)
      const current = filter.current
      try {
        const { data } = await apollo.query({
          query: DatasetPicturesDocument,
          variables: {
            id: versionId,
            split,
            class: classIndex,
            duplicates,
            offset: number * PAGE,
            first: PAGE,
          },
        })
        const node = data?.node
        if (filter.current !== current || node?.__typename !== 'DatasetVersion') return
        const { totalCount, nodes } = node.pictures
        setPages((before) => ({
          totalCount,
          byNumber: new Map(before.byNumber).set(number, nodes),
          error: null,
        }))
      } catch (error) {
        asked.current.delete(number)
        if (filter.current === current) setPages((before) => ({ ...before, error: error as Error }))
      }
    },
    [apollo, versionId, split, classIndex, duplicates],
  )

  useEffect(() => {
    filter.current++
    asked.current = new Set()
    setPages(NONE)
    void fetchPage(0)
  }, [fetchPage])

  const show = useCallback(
    (from: number, to: number) => {
      for (let number = Math.floor(from / PAGE); number * PAGE <= to; number++) void fetchPage(number)
    },
    [fetchPage],
  )
  const pictureAt = (position: number) => pages.byNumber.get(Math.floor(position / PAGE))?.[position % PAGE]
  return { totalCount: pages.totalCount, error: pages.error, pictureAt, show }
}
