// biome-ignore-all lint/style/noNonNullAssertion: indices run to the length of the typed array that they index.

/** Unit features of images, row-major [images, width]. */
export interface UnitFeatures {
  values: Float64Array
  width: number
}

export interface Found {
  /** In the gallery. */
  place: number
  /** Euclidean, of unit features: 0 to 2. */
  distance: number
}

/** Each row scaled to length 1; a zero feature stays zero. @param values row-major, of `images` rows */
export function toUnitFeatures(values: Float32Array, pictures: number): UnitFeatures {
  const width = values.length / pictures
  const units = Float64Array.from(values)
  for (let from = 0; from < units.length; from += width) {
    const row = units.subarray(from, from + width)
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0)) || 1
    for (let i = 0; i < width; i++) row[i]! /= length
  }
  return { values: units, width }
}

/** The squared Euclidean distances of one image to every image of the gallery. */
export function squaredDistances(query: UnitFeatures, gallery: UnitFeatures): Float64Array {
  const { width } = query
  return Float64Array.from({ length: gallery.values.length / width }, (_, place) => {
    let square = 0
    for (let i = 0; i < width; i++) square += (query.values[i]! - gallery.values[place * width + i]!) ** 2
    return square
  })
}

/** Those of the students' unit features side by side, again scaled to length 1: the mean of the students' own. */
export function concatenatedSquares(students: Float64Array[]): Float64Array {
  const [first = new Float64Array()] = students
  return first.map((_, place) => students.reduce((sum, own) => sum + own[place]!, 0) / students.length)
}

/** The nearest first; equally distant images by their place. */
export function findNearest(squares: Float64Array, count: number): Found[] {
  return Array.from(squares, (square, place) => ({ place, distance: Math.sqrt(square) }))
    .sort((a, b) => a.distance - b.distance || a.place - b.place)
    .slice(0, count)
}
