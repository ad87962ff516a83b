export interface PictureShape {
  height: number
  width: number
  channels: 1 | 3
}

/** How many images of a size were found. */
export interface SizeCount {
  height: number
  width: number
  count: number
}

/** Among equals the larger. */
export function commonestFirst(a: SizeCount, b: SizeCount): number {
  return b.count - a.count || b.width * b.height - a.width * a.height || b.width - a.width
}
