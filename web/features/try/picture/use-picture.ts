'use client'

import { useApolloClient } from '@apollo/client/react'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useUrlParameter } from '../../../design/use-url-parameter.ts'
import { decodePicture, UnreadableImageError } from './decode-picture.ts'
import { type DatasetImages, fetchDatasetPicture } from './fetch-dataset-picture.ts'
import type { Rgba } from './resize-and-crop.ts'

export interface ChosenPicture {
  name: string
  pixels: Rgba
  /** Where it is in the dataset, and what it is labelled; null for an image of somebody's own. */
  inDataset: { index: number; label: string } | null
}

export interface PictureChoice {
  picture: ChosenPicture | null
  /** Why the last image was not accepted. */
  problem: string | null
  take: (file: File) => void
  /** Of the dataset's images the one that is shown or under way; in the URL. */
  chosen: number | null
  choose: (index: number) => void
}

/** The decoded image that the user dropped, chose or pasted, or one of the dataset's. */
export function usePicture(images: DatasetImages): PictureChoice {
  const apollo = useApolloClient()
  const [picture, setPicture] = useState<ChosenPicture | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [address, setAddress] = useUrlParameter('image')
  const chosen = address !== null && /^\d{1,9}$/.test(address) ? Number(address) : null
  // What was asked for last is shown, whatever comes last.
  const turn = useRef(0)

  const show = useCallback(async (coming: Promise<ChosenPicture>) => {
    turn.current += 1
    const own = turn.current
    try {
      const picture = await coming
      if (own !== turn.current) return
      setProblem(null)
      setPicture(picture)
    } catch (error) {
      if (own !== turn.current) return
      setPicture(null)
      setProblem(error instanceof UnreadableImageError ? error.message : `The image cannot be read: ${error}`)
    }
  }, [])

  const take = useCallback(
    (file: File) => {
      setAddress(null)
      const name = file.name || 'Pasted image'
      void show(decodePicture(file).then((pixels) => ({ name, pixels, inDataset: null })))
    },
    [show, setAddress],
  )

  useEffect(() => {
    if (chosen !== null) void show(fetchDatasetPicture(apollo, images, chosen))
  }, [apollo, images, chosen, show])

  useEffect(() => {
    const paste = ({ clipboardData }: ClipboardEvent) => {
      const [file] = clipboardData?.files ?? []
      if (file) take(file)
      else if (!isTyping()) setProblem('There is no image on the clipboard: copy one, then paste it here.')
    }
    document.addEventListener('paste', paste)
    return () => document.removeEventListener('paste', paste)
  }, [take])

  const choose = useCallback(
    (index: number) => {
      if (index !== chosen) setAddress(String(index))
      // What could not be loaded is tried again: its address stays the same.
      else if (!picture) void show(fetchDatasetPicture(apollo, images, index))
    },
    [apollo, images, chosen, picture, show, setAddress],
  )
  return { picture, problem, take, chosen, choose }
}

function isTyping(): boolean {
  return (
    document.activeElement instanceof HTMLInputElement ||
    document.activeElement instanceof HTMLTextAreaElement
  )
}
