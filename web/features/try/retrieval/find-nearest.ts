// biome-ignore-all lint/style/noNonNullAssertion: indices are below the length of the typed array that they
// index.

/** Unit features of images, row-major [images, width]. */
export interface UnitFeatures {
  values: Float64Array
  width: number
}

export interface Found {
  /** Index in the gallery. */
  place: number
  /** Euclidean distance between unit features, 0 to 2. */
  distance: number
}

/** Scales each row to unit length; a zero feature stays zero. @param values row-major, one row per image */
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

/** Squared Euclidean distances of one image to every image of the gallery. */
export function squaredDistances(query: UnitFeatures, gallery: UnitFeatures): Float64Array {
  const { width } = query
  return Float64Array.from({ length: gallery.values.length / width }, (_, place) => {
    let square = 0
    for (let i = 0; i < width; i++) square += (query.values[i]! - gallery.values[place * width + i]!) ** 2
    return square
  })
}

/**
 * Squared distances of the students' concatenated unit features, scaled to unit length: the mean of the
 * students' own.
 */
export function concatenatedSquares(students: Float64Array[]): Float64Array {
  const [first = new Float64Array()] = students
  return first.map((_, place) => students.reduce((sum, own) => sum + own[place]!, 0) / students.length)
}

/** The `count` nearest images, nearest first; ties are ordered by index. */
export function findNearest(squares: Float64Array, count: number): Found[] {
  return Array.from(squares, (square, place) => ({ place, distance: Math.sqrt(square) }))
    .sort((a, b) => a.distance - b.distance || a.place - b.place)
    .slice(0, count)
}
