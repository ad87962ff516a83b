// biome-ignore-all lint/style/noNonNullAssertion: indices are within the image that they index.

'use client'

import { useEffect, useRef } from 'react'

interface Props {
  /** HWC, one byte each. */
  data: Uint8ClampedArray
  height: number
  width: number
  channels: 1 | 3
  label: string
  className: string
}

/** Draws pixels on a canvas. */
export function PixelCanvas({ data, height, width, channels, label, className }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const image = new ImageData(width, height)
    for (let i = 0; i < width * height; i++)
      for (let c = 0; c < 4; c++)
        image.data[4 * i + c] = c === 3 ? 255 : data[i * channels + (channels === 1 ? 0 : c)]!
    canvas.current?.getContext('2d')?.putImageData(image, 0, 0)
  }, [data, height, width, channels])
  return (
    <canvas ref={canvas} width={width} height={height} role="img" aria-label={label} className={className} />
  )
}
