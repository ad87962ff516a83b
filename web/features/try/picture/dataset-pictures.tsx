'use client'

import { useQuery } from '@apollo/client/react'
import { Button, Select, Skeleton, Text } from '@mantine/core'
import { useMemo, useState } from 'react'
import { FormErrors } from '../../../design/error-notice.tsx'
import { TryPicturesDocument } from '../../../graphql/generated/operations.ts'
import { type DatasetImages, type DatasetPicture, labelOf, nameOf } from './fetch-dataset-picture.ts'
import { spreadIndices } from './spread-indices.ts'

const SHOWN = 12

interface Props {
  images: DatasetImages
  chosen: number | null
  onChoose: (index: number) => void
}

/** A dozen of the images that the students were tested with, to try one of by a click. */
export function DatasetPictures({ images, chosen, onChoose }: Props) {
  const { version, split } = images
  const [classIndex, setClassIndex] = useState<number | null>(null)
  const [round, setRound] = useState(0)
  const contents = version.splits.find(({ name }) => name === split)
  const count = (classIndex === null ? contents?.count : contents?.classCounts[classIndex]) ?? 0
  const wanted = useMemo(
    () =>
      classIndex === null
        ? { indices: spreadIndices(count, SHOWN, round) }
        : { class: classIndex, offset: (round * SHOWN) % Math.max(1, count) },
    [classIndex, count, round],
  )
  const { data, previousData, error } = useQuery(TryPicturesDocument, {
    variables: { id: version.id, split, first: SHOWN, ...wanted },
    skip: count === 0,
  })
  const node = (data ?? previousData)?.node
  const pictures = node?.__typename === 'DatasetVersion' ? node.pictures.nodes : null
  if (!contents?.count) return null
  return (
    <div>
      <div className="mb-2 flex flex-wrap items-end justify-between gap-2">
        <Text size="sm" fw={500}>
          {split === 'test' ? 'Test images of the dataset' : 'Queries of the dataset'}
        </Text>
        <div className="flex flex-wrap gap-2">
          {contents.classCounts.length > 0 && (
            <Select
              aria-label="Class of the images"
              size="xs"
              w={170}
              searchable
              clearable
              limit={200}
              placeholder="all classes"
              data={version.classes.map((label, index) => ({ value: String(index), label }))}
              value={classIndex === null ? null : String(classIndex)}
              onChange={(value) => {
                setClassIndex(value === null ? null : Number(value))
                setRound(0)
              }}
            />
          )}
          <Button
            size="xs"
            variant="default"
            disabled={count <= SHOWN}
            onClick={() => setRound((before) => before + 1)}
          >
            Other images
          </Button>
        </div>
      </div>
      <FormErrors messages={error ? [`The dataset’s images could not be loaded: ${error.message}`] : []} />
      {!pictures && !error && count > 0 && <Skeleton height={92} />}
      {pictures?.length === 0 || count === 0 ? (
        <Text size="sm" c="dimmed">
          There is no such image.
        </Text>
      ) : (
        <ul className="m-0 grid list-none grid-cols-[repeat(auto-fill,minmax(4.5rem,1fr))] gap-2 p-0">
          {pictures?.map((picture) => (
            <li key={picture.index}>
              <PictureButton
                picture={picture}
                images={images}
                isChosen={picture.index === chosen}
                onChoose={onChoose}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function PictureButton(props: {
  picture: DatasetPicture
  images: DatasetImages
  isChosen: boolean
  onChoose: (index: number) => void
}) {
  const { picture, images, isChosen, onChoose } = props
  const label = labelOf(picture, images)
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      title={label}
      onClick={() => onChoose(picture.index)}
      className={`w-full cursor-pointer rounded-md border bg-transparent p-1 text-inherit hover:bg-[var(--hover)] focus-visible:outline-2 focus-visible:outline-offset-2 focus-visible:outline-[var(--mantine-primary-color-filled)] ${
        isChosen ? 'border-[var(--mantine-color-anchor)] bg-[var(--hover)]' : 'border-[var(--line)]'
      }`}
    >
      {/* biome-ignore lint/performance/noImgElement: small, immutable images served by the API */}
      <img
        src={picture.url}
        alt={nameOf(picture.index, images)}
        className="aspect-square w-full rounded-sm object-contain"
        style={{ imageRendering: 'pixelated' }}
      />
      <span className="block truncate text-xs">{label}</span>
    </button>
  )
}
