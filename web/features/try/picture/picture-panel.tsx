'use client'

import { Button, Text } from '@mantine/core'
import { IconPhoto } from '@tabler/icons-react'
import { useMemo } from 'react'
import { useDropzone } from 'react-dropzone'
import { FormErrors } from '../../../design/error-notice.tsx'
import { Panel } from '../../../design/panel.tsx'
import { DatasetPictures } from './dataset-pictures.tsx'
import type { DatasetImages } from './fetch-dataset-picture.ts'
import { PixelCanvas } from './pixel-canvas.tsx'
import { type PictureShape, type Rgba, resizeAndCrop } from './resize-and-crop.ts'
import type { PictureChoice } from './use-picture.ts'

const PREVIEW_PIXELS = 320

interface Props {
  choice: PictureChoice
  images: DatasetImages
  shape: PictureShape | null
}

/**
 * Lets the user click an image of the dataset, or drop, choose or paste one of their own, and shows the part that the
 * students see.
 */
export function PicturePanel({ choice, images, shape }: Props) {
  const { picture, problem, take, chosen, choose } = choice
  const { getRootProps, getInputProps, isDragActive, open } = useDropzone({
    multiple: false,
    noClick: true,
    noKeyboard: true,
    onDrop: ([file]) => {
      if (file) take(file)
    },
  })
  const pixels = picture?.pixels
  const small = useMemo(() => pixels && bring(pixels, previewShape(pixels)), [pixels])
  const seen = useMemo(() => pixels && shape && bring(pixels, shape), [pixels, shape])
  return (
    <Panel
      title="Image"
      note="One that no student has learned from, or your own, which stays in this browser: nothing is sent to the server."
    >
      <div className="flex flex-col gap-4">
        <DatasetPictures images={images} chosen={chosen} onChoose={choose} />
        <FormErrors messages={problem ? [problem] : []} />
        <div
          {...getRootProps({ role: 'group', 'aria-label': 'Where an image can be dropped' })}
          className={`flex flex-col items-center gap-1.5 rounded-lg border border-dashed px-4 py-4 text-center ${
            isDragActive
              ? 'border-[var(--mantine-color-anchor)] bg-[var(--mantine-color-default-hover)]'
              : 'border-[var(--mantine-color-gray-5)] dark:border-[var(--mantine-color-dark-3)]'
          }`}
        >
          <input {...getInputProps({ 'aria-label': 'Image to try' })} />
          <IconPhoto size={22} stroke={1.6} aria-hidden />
          <Text fw={500}>
            {isDragActive ? 'Drop to try' : 'Drop an image of your own here, or paste one'}
          </Text>
          <Text size="sm" c="dimmed">
            JPEG, PNG, WebP, GIF, BMP or AVIF, up to 67 million pixels.
          </Text>
          <Button variant="default" onClick={open} mt={4}>
            Choose an image
          </Button>
        </div>
        {picture && small && (
          <figure className="m-0 flex flex-wrap items-start gap-4">
            <PixelCanvas
              {...small}
              label={`The image ${picture.name}`}
              className="h-32 max-w-60 sm:h-40 rounded-md border border-[var(--line)] object-contain"
            />
            {seen && (
              <PixelCanvas
                {...seen}
                label="The image as the students see it"
                className="h-32 max-w-60 sm:h-40 rounded-md border border-[var(--line)] [image-rendering:pixelated]"
              />
            )}
            <figcaption className="min-w-40 flex-1">
              <Text size="sm" fw={500} className="break-words">
                {picture.name}
                {picture.inDataset && `, labelled ${picture.inDataset.label}`}
              </Text>
              <Text size="sm" c="dimmed">
                {formatSize(picture.pixels)}
                {shape &&
                  `; the students see ${formatSize(shape)} of it, ${shape.channels === 1 ? 'in grey' : 'in colour'}.`}
              </Text>
            </figcaption>
          </figure>
        )}
      </div>
    </Panel>
  )
}

/** Limits the preview to its display size. */
function previewShape({ width, height }: Rgba): PictureShape {
  const scale = Math.min(1, PREVIEW_PIXELS / Math.max(width, height))
  const shrink = (length: number) => Math.max(1, Math.round(length * scale))
  return { width: shrink(width), height: shrink(height), channels: 3 }
}

function bring(pixels: Rgba, shape: PictureShape) {
  return { ...shape, data: resizeAndCrop(pixels, shape) }
}

function formatSize({ width, height }: { width: number; height: number }): string {
  return `${width}×${height}`
}
