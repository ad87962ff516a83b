import { memo } from 'react'
import { Thumbnail } from './thumbnail.tsx'
import type { Picture } from './use-picture-pages.ts'
import type { Selection } from './use-selection.ts'

export const TILE_PIXELS = 56

interface Props {
  /** Undefined while it is under way. */
  picture: Picture | undefined
  position: number
  column: number
  name: string
  sheetsUrl: string
  /** The one that Tab leads to. */
  isCurrent: boolean
  /** Null where images cannot be chosen. */
  isChosen: boolean | null
  onToggle: Selection['toggle']
  onReach: (position: number) => void
}

/** An image of the grid. It is drawn again only where something about it changed: a screen holds hundreds. */
export const PictureTile = memo(function PictureTile(props: Props) {
  const { picture, position, column, name, sheetsUrl, isCurrent, isChosen, onToggle, onReach } = props
  const words = picture ? `${name}, ${picture.split} ${picture.index}` : 'under way'
  const toggle = () => {
    if (picture && isChosen !== null) onToggle({ split: picture.split, index: picture.index })
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table has rows of its own width; these are cut to the window
    <div
      role="gridcell"
      aria-colindex={column + 1}
      aria-selected={isChosen ?? undefined}
      aria-label={words}
      title={words}
      data-position={position}
      tabIndex={isCurrent ? 0 : -1}
      onFocus={() => onReach(position)}
      onClick={toggle}
      onKeyDown={(event) => {
        if (event.key !== ' ' && event.key !== 'Enter') return
        event.preventDefault()
        toggle()
      }}
      className={`overflow-hidden rounded focus-visible:outline-2 focus-visible:outline-[var(--mantine-color-text)] focus-visible:-outline-offset-2 ${
        isChosen === null ? '' : 'cursor-pointer'
      } ${isChosen ? 'outline-3 outline-[var(--mantine-primary-color-filled)] -outline-offset-3' : ''} ${
        picture ? '' : 'bg-[var(--line)]'
      }`}
      style={{ width: TILE_PIXELS, height: TILE_PIXELS }}
    >
      {picture && (
        <Thumbnail
          sheetsUrl={sheetsUrl}
          split={picture.split}
          sheet={picture.sheet}
          tile={picture.tile}
          size={TILE_PIXELS}
        />
      )}
    </div>
  )
})
