const COLUMNS = 16

interface Props {
  sheetsUrl: string
  split: string
  sheet: number
  tile: number
  /** Side, CSS pixels. */
  size: number
}

/** One image of a version, cut out of its sheet; who shows it says in words what it is. */
export function Thumbnail({ sheetsUrl, split, sheet, tile, size }: Props) {
  const column = tile % COLUMNS
  const row = Math.floor(tile / COLUMNS)
  return (
    <div
      aria-hidden
      style={{
        width: size,
        height: size,
        backgroundImage: `url(${sheetsUrl}/${split}/${sheet})`,
        backgroundSize: `${size * COLUMNS}px auto`,
        backgroundPosition: `${-column * size}px ${-row * size}px`,
        imageRendering: 'pixelated',
      }}
    />
  )
}
