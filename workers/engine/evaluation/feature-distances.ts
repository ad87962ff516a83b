/** Distances between the features of queries and gallery images. */
import { type Tensor, tf } from '../tensorflow.ts'
import type { Distances } from './rank-gallery.ts'
import { lengthOf, rowOf, unitVector } from './scores.ts'

/** Features of images, row-major [images, width]. */
export interface Features {
  values: Float32Array
  width: number
}

/**
 * Squared distances of unit vectors are in 0..4. The error of a float32 dot product is far below this, even
 * if an NVIDIA GPU rounds the entries to TF32's 11 bits: then each of two distances is off by 2 × 2^-10.
 */
const MARGIN = 2 ** -8

const BLOCK_BYTES = 16 * 1024 * 1024
const MAX_QUERIES_A_BLOCK = 256

/** How many queries' distances to the whole gallery are held in memory at a time. */
export function queriesPerBlock(gallery: number): number {
  return Math.max(1, Math.min(MAX_QUERIES_A_BLOCK, Math.floor(BLOCK_BYTES / (4 * gallery))))
}

/**
 * Squared Euclidean distances between one student's features, scaled to unit length; a zero feature stays
 * zero. TensorFlow computes blocks in float32; comparisons too close to decide are repeated in double
 * precision.
 */
export class FeatureDistances {
  private readonly query: Features
  private readonly gallery: Features
  private readonly galleryLengths: Float64Array
  private readonly galleryUnits: Tensor

  constructor(query: Features, gallery: Features) {
    this.query = query
    this.gallery = gallery
    this.galleryLengths = lengthsOf(gallery)
    this.galleryUnits = unitsOf(gallery)
  }

  /** Distances of the queries `from` to `to`, exclusive, by index within the block. */
  block(from: number, to: number): (query: number) => Distances {
    const { values, width } = this.query
    const queries = { values: values.subarray(from * width, to * width), width }
    const products = tf.tidy(() =>
      tf.matMul(unitsOf(queries), this.galleryUnits, false, true).dataSync<'float32'>(),
    )
    const count = this.galleryLengths.length
    return (i) => this.distancesOf(from + i, products.subarray(i * count, (i + 1) * count))
  }

  dispose(): void {
    this.galleryUnits.dispose()
  }

  private distancesOf(query: number, products: Float32Array): Distances {
    const unit = unitVector(rowOf(this.query.values, query, this.query.width))
    const ownSquare = lengthOf(unit) === 0 ? 0 : 1
    const approximate = products.map((product, g) => {
      return ownSquare + (this.galleryLengths[g] === 0 ? 0 : 1) - 2 * product
    })
    return { approximate, margin: MARGIN, exact: memoized((g) => this.exactSquare(unit, g)) }
  }

  private exactSquare(unit: Float64Array, gallery: number): number {
    const { values, width } = this.gallery
    const length = this.galleryLengths[gallery] || 1
    let square = 0
    for (let i = 0, at = gallery * width; i < width; i++, at++)
      square += ((unit[i] as number) - (values[at] as number) / length) ** 2
    return square
  }
}

/**
 * Distances between the students' concatenated unit features, again scaled to unit length, which equal the
 * mean of the students' squared distances.
 */
export function concatenatedDistances(students: readonly Distances[]): Distances {
  const [first] = students
  const approximate = Float32Array.from(
    { length: first?.approximate.length ?? 0 },
    (_, g) => students.reduce((sum, own) => sum + (own.approximate[g] as number), 0) / students.length,
  )
  const exact = (g: number) => students.reduce((sum, own) => sum + own.exact(g), 0) / students.length
  return { approximate, margin: MARGIN, exact: memoized(exact) }
}

function memoized(work: (gallery: number) => number): (gallery: number) => number {
  const known = new Map<number, number>()
  return (gallery) => {
    const found = known.get(gallery) ?? work(gallery)
    known.set(gallery, found)
    return found
  }
}

function lengthsOf({ values, width }: Features): Float64Array {
  return Float64Array.from({ length: values.length / width }, (_, i) => lengthOf(rowOf(values, i, width)))
}

function unitsOf({ values, width }: Features): Tensor {
  const units = new Float32Array(values.length)
  for (let at = 0; at < values.length; at += width) units.set(unitVector(values.subarray(at, at + width)), at)
  return tf.tensor2d(units, [values.length / width, width])
}
