'use client'

import { useCallback, useEffect, useState } from 'react'
import { decodePicture, UnreadableImageError } from './decode-picture.ts'
import type { Rgba } from './resize-and-crop.ts'

export interface ChosenPicture {
  name: string
  pixels: Rgba
}

export interface PictureChoice {
  picture: ChosenPicture | null
  /** Why the last image was not accepted. */
  problem: string | null
  take: (file: File) => void
}

/** The decoded image that the user dropped, chose or pasted. */
export function usePicture(): PictureChoice {
  const [picture, setPicture] = useState<ChosenPicture | null>(null)
  const [problem, setProblem] = useState<string | null>(null)

  const take = useCallback((file: File) => {
    decodePicture(file).then(
      (pixels) => {
        setProblem(null)
        setPicture({ name: file.name || 'Pasted image', pixels })
      },
      (error) => {
        setPicture(null)
        setProblem(
          error instanceof UnreadableImageError ? error.message : `The image cannot be read: ${error}`,
        )
      },
    )
  }, [])

  useEffect(() => {
    const paste = ({ clipboardData }: ClipboardEvent) => {
      const [file] = clipboardData?.files ?? []
      if (file) take(file)
      else if (!isTyping()) setProblem('There is no image on the clipboard: copy one, then paste it here.')
    }
    document.addEventListener('paste', paste)
    return () => document.removeEventListener('paste', paste)
  }, [take])

  return { picture, problem, take }
}

function isTyping(): boolean {
  return (
    document.activeElement instanceof HTMLInputElement ||
    document.activeElement instanceof HTMLTextAreaElement
  )
}
