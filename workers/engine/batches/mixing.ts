/**
 * Images and labels mixed in pairs: mixup (Zhang et al. 2018, equation 1) and CutMix (Yun et al. 2019, equation 1 and
 * section 3.1). A batch is mixed once, before it is taught: all students of a cohort see the same mixtures, so that
 * their posteriors can be compared.
 */
import type { Signature } from '../capture/inputs.ts'
import { drawPermutation, type Generator } from '../random.ts'
import { type Tensor, tf } from '../tensorflow.ts'

/** How a batch is mixed with itself in another order. */
export interface Mixing {
  /** int32 [batch]: whom each image is mixed with; a permutation. */
  mixedWith: Int32Array
  /** [height]; its outer product with `mixedColumns` is the other image's share of each pixel. */
  mixedRows: Float32Array
  /** [width] */
  mixedColumns: Float32Array
  /** The other label's share of the target: a scalar in [0, 1]. */
  otherShare: Float32Array
}

interface ImageSize {
  height: number
  width: number
}

/** The parameters α of Beta(α, α), from which the share is drawn; 0 disables. */
export interface MixingSettings {
  mixup: number
  cutmix: number
}

export function isMixed({ mixup, cutmix }: MixingSettings): boolean {
  return mixup > 0 || cutmix > 0
}

/** Draws how a batch is mixed; where both kinds are wanted, each is taken for half of the batches. */
export function drawMixing(
  batch: number,
  size: ImageSize,
  { mixup, cutmix }: MixingSettings,
  random: Generator,
): Mixing {
  const cuts = cutmix > 0 && (mixup === 0 || random.integer(2) === 1)
  const otherShare = drawBeta(cuts ? cutmix : mixup, random)
  const mixedWith = Int32Array.from(drawPermutation(batch, random))
  return { mixedWith, ...(cuts ? drawBox(size, otherShare, random) : blend(size, otherShare)) }
}

function blend({ height, width }: ImageSize, share: number): Omit<Mixing, 'mixedWith'> {
  return {
    mixedRows: new Float32Array(height).fill(share),
    mixedColumns: new Float32Array(width).fill(1),
    otherShare: Float32Array.of(share),
  }
}

/** A box of the image's shape and this share of its area, cut off where it leaves the image. */
function drawBox({ height, width }: ImageSize, share: number, random: Generator): Omit<Mixing, 'mixedWith'> {
  const mixedRows = drawInterval(height, Math.floor(height * Math.sqrt(share)), random)
  const mixedColumns = drawInterval(width, Math.floor(width * Math.sqrt(share)), random)
  const area = sum(mixedRows) * sum(mixedColumns)
  // What was really pasted, not what was drawn (the official implementation's `lam`).
  return { mixedRows, mixedColumns, otherShare: Float32Array.of(area / (height * width)) }
}

function drawInterval(length: number, covered: number, random: Generator): Float32Array {
  const start = random.integer(length) - Math.floor(covered / 2)
  return new Float32Array(length).fill(1, Math.max(0, start), Math.max(0, start + covered))
}

/** From Beta(α, α): X / (X + Y) of two draws from Gamma(α). */
function drawBeta(alpha: number, random: Generator): number {
  const x = drawGamma(alpha, random)
  const y = drawGamma(alpha, random)
  // Both vanish only where α is tiny, and the distribution then lies at 0 and 1.
  return x + y > 0 ? x / (x + y) : random.integer(2)
}

/** Marsaglia and Tsang 2000; below 1 by the draw for α + 1 (their section 6). */
function drawGamma(alpha: number, random: Generator): number {
  if (alpha < 1) return drawGamma(alpha + 1, random) * (1 - random.uniform()) ** (1 / alpha)
  const d = alpha - 1 / 3
  for (;;) {
    const x = random.normal()
    const v = (1 + x / Math.sqrt(9 * d)) ** 3
    if (v > 0 && Math.log(1 - random.uniform()) < x ** 2 / 2 + d * (1 - v + Math.log(v))) return d * v
  }
}

function sum(values: Float32Array): number {
  return values.reduce((total, value) => total + value, 0)
}

/** Inputs of a captured function that mixes. */
export function mixingSignature(batch: number, { height, width }: ImageSize) {
  return {
    mixedWith: { dtype: 'int32', shape: [batch] },
    mixedRows: { dtype: 'float32', shape: [height] },
    mixedColumns: { dtype: 'float32', shape: [width] },
    otherShare: { dtype: 'float32', shape: [] },
  } as const satisfies Signature
}

/** @param pictures [batch, height, width, channels] */
export function mix(pictures: Tensor, inputs: Record<keyof Omit<Mixing, 'otherShare'>, Tensor>): Tensor {
  const [, height, width] = pictures.shape as [number, number, number]
  const { mixedWith, mixedRows, mixedColumns } = inputs
  const share = tf.mul(mixedRows.reshape([1, height, 1, 1]), mixedColumns.reshape([1, 1, width, 1]))
  const others = tf.gather(pictures, mixedWith as never)
  return tf.add(tf.mul(pictures, tf.sub(1, share)), tf.mul(others, share))
}
