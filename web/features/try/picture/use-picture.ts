'use client'

import { useCallback, useEffect, useState } from 'react'
import type { Rgba } from './bring-to-size.ts'
import { decodePicture, UnreadableImageError } from './decode-picture.ts'

export interface ChosenPicture {
  name: string
  pixels: Rgba
}

export interface PictureChoice {
  picture: ChosenPicture | null
  /** Why the last one was not taken. */
  trouble: string | null
  take: (file: File) => void
}

/** The image that a person dropped, chose or pasted, decoded. */
export function usePicture(): PictureChoice {
  const [picture, setPicture] = useState<ChosenPicture | null>(null)
  const [trouble, setTrouble] = useState<string | null>(null)

  const take = useCallback((file: File) => {
    decodePicture(file).then(
      (pixels) => {
        setTrouble(null)
        setPicture({ name: file.name || 'Pasted image', pixels })
      },
      (error) => {
        setPicture(null)
        setTrouble(
          error instanceof UnreadableImageError ? error.message : `The image cannot be read: ${error}`,
        )
      },
    )
  }, [])

  useEffect(() => {
    const paste = ({ clipboardData }: ClipboardEvent) => {
      const [file] = clipboardData?.files ?? []
      if (file) take(file)
      else if (!isTyping()) setTrouble('There is no image on the clipboard: copy one, then paste it here.')
    }
    document.addEventListener('paste', paste)
    return () => document.removeEventListener('paste', paste)
  }, [take])

  return { picture, trouble, take }
}

function isTyping(): boolean {
  return (
    document.activeElement instanceof HTMLInputElement ||
    document.activeElement instanceof HTMLTextAreaElement
  )
}
