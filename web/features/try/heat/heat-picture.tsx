'use client'

import { Text } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { PixelCanvas } from '../picture/pixel-canvas.tsx'
import type { PictureShape } from '../picture/resize-and-crop.ts'
import { formatDrop, type Measure } from './describe-heat.ts'
import type { HeatMap } from './occlude.ts'
import { DROP_COLOUR, RISE_COLOUR } from './paint.ts'

const SIDE = 'h-56 sm:h-64'

interface Props {
  pixels: Uint8ClampedArray
  shape: PictureShape
  map: HeatMap
  measure: Measure
  /** What the map shows. */
  words: string
}

/** The image as a student sees it, and what it looks at laid over it, with a legend. */
export function HeatPicture({ pixels, shape, map, measure, words }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const image = new ImageData(map.colours, map.width, map.height)
    canvas.current?.getContext('2d')?.putImageData(image, 0, 0)
  }, [map])
  return (
    <figure className="m-0 w-fit max-w-full">
      <div className={`relative w-fit overflow-hidden rounded-md border border-[var(--line)] ${SIDE}`}>
        <PixelCanvas
          {...shape}
          data={pixels}
          label="The image as the student sees it"
          className="block h-full [image-rendering:pixelated]"
        />
        <canvas
          ref={canvas}
          width={map.width}
          height={map.height}
          role="img"
          aria-label={words}
          className="absolute inset-0 h-full w-full"
        />
      </div>
      <Legend scale={map.scale} measure={measure} />
    </figure>
  )
}

function Legend({ scale, measure }: { scale: number; measure: Measure }) {
  const colour = (bytes: readonly number[]) => `rgb(${bytes.join(' ')})`
  return (
    <figcaption className="mt-2">
      <div
        aria-hidden
        className="h-2 rounded-full border border-[var(--line)]"
        style={{
          background: `linear-gradient(to right, ${colour(RISE_COLOUR)}, transparent, ${colour(DROP_COLOUR)})`,
        }}
      />
      <div className="numbers mt-1 flex justify-between text-xs">
        <span>{formatDrop(-scale, scale)}</span>
        <span>0</span>
        <span>{formatDrop(scale, scale)}</span>
      </div>
      <Text size="xs" c="dimmed">
        drop in {measure} where it is covered
      </Text>
    </figcaption>
  )
}
