// biome-ignore-all lint/style/noNonNullAssertion: a class is its own index in every list of counts

import { CALIBRATION_BINS, type ClassScore } from '../../../contract/evaluation.ts'
import { argMax, rankOf } from './scores.ts'

/** For top-5: the label must be among this many most likely classes. */
const TOP = 5

/** Accumulates the scores of one classifier, a student or an ensemble, image by image. */
export class ClassificationTally {
  private readonly classes: number
  private count = 0
  private hits = 0
  private topHits = 0
  private loss = 0
  private entropy = 0
  /** Counts by `class × classes + predicted class`; sparse, so there are no more cells than images. */
  private readonly cells = new Map<number, number>()
  /** Per confidence bin: the number of correct predictions minus the sum of their confidences. */
  private readonly surplus = new Float64Array(CALIBRATION_BINS)

  constructor(classes: number) {
    this.classes = classes
  }

  /** @returns the predicted class */
  add(logPosterior: Float64Array, label: number): number {
    const predicted = argMax(logPosterior)
    const right = predicted === label
    this.count++
    if (right) this.hits++
    if (rankOf(logPosterior, label) < TOP) this.topHits++
    this.loss -= logPosterior[label] as number
    this.entropy += entropyOf(logPosterior)
    const cell = label * this.classes + predicted
    this.cells.set(cell, (this.cells.get(cell) ?? 0) + 1)
    const confidence = Math.exp(logPosterior[predicted] as number)
    const bin = binOf(confidence)
    this.surplus[bin] = (this.surplus[bin] as number) + (right ? 1 : 0) - confidence
    return predicted
  }

  scores(): { top1: number; top5: number; loss: number; calibrationError: number; posteriorEntropy: number } {
    const { count, hits, topHits, loss, entropy, surplus } = this
    return {
      top1: hits / count,
      top5: topHits / count,
      loss: loss / count,
      calibrationError: surplus.reduce((sum, value) => sum + Math.abs(value), 0) / count,
      posteriorEntropy: entropy / count,
    }
  }

  /** The non-zero cells: class, predicted class, count. */
  confusion(): [number, number, number][] {
    const { classes } = this
    return [...this.cells]
      .sort(([a], [b]) => a - b)
      .map(([cell, pictures]) => [Math.floor(cell / classes), cell % classes, pictures])
  }

  classScores(): ClassScore[] {
    const actual = new Array<number>(this.classes).fill(0)
    const predicted = new Array<number>(this.classes).fill(0)
    const right = new Array<number>(this.classes).fill(0)
    for (const [label, taken, pictures] of this.confusion()) {
      actual[label]! += pictures
      predicted[taken]! += pictures
      if (label === taken) right[label]! += pictures
    }
    return actual.map((count, c) => ({
      count,
      precision: share(right[c]!, predicted[c]!),
      recall: share(right[c]!, count),
      f1: share(2 * right[c]!, count + predicted[c]!),
    }))
  }
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}

/** Bins exclude their lower and include their upper bound, as in Guo et al. 2017. */
function binOf(confidence: number): number {
  return Math.min(CALIBRATION_BINS, Math.max(1, Math.ceil(confidence * CALIBRATION_BINS))) - 1
}

function entropyOf(logPosterior: Float64Array): number {
  let entropy = 0
  for (const logarithm of logPosterior) entropy -= Math.exp(logarithm) * logarithm
  return entropy
}
