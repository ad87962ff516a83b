import { expect, it } from 'vitest'
import { Teaching } from '../../../../contract/cohort.ts'
import { klDivergence, standardized } from '../../../../workers/engine/teaching/divergences.ts'
import { leastLogits, leastLossLogits } from '../../../../workers/engine/teaching/ensemble-targets.ts'
import {
  distillationLoss,
  ensembleFeatureLoss,
  ensembleTeacherLoss,
  featureLoss,
  labelLoss,
  mutualLoss,
  smoothedLabels,
} from '../../../../workers/engine/teaching/losses.ts'
import { whoLearns } from '../../../../workers/engine/teaching/pause-leader.ts'
import { rampUpAt } from '../../../../workers/engine/teaching/ramp-up.ts'
import { classesOf, labelTargets, top1 } from '../../../../workers/engine/teaching/targets.ts'
import { type Tensor, tf } from '../../../../workers/engine/tensorflow.ts'

const logarithms = (posteriors: number[][]) => tf.log(tf.tensor2d(posteriors))
const value = (scalar: Tensor) => scalar.dataSync()[0]!
const by = (temperature: number) => Teaching.parse({ temperature })

// Logits that are the logarithms of posteriors have exactly these as their softmax.
const [half, skewed] = [[[0.5, 0.5]], [[0.25, 0.75]]]

it('takes the cross-entropy of the true class, averaged over the batch', () => {
  const logits = logarithms([
    [0.5, 0.25, 0.25],
    [0.2, 0.2, 0.6],
  ])
  const labels = tf.tensor2d([
    [1, 0, 0],
    [0, 0, 1],
  ])
  expect(value(labelLoss(labels, logits))).toBeCloseTo((-Math.log(0.5) - Math.log(0.6)) / 2, 6)
})

it('sums the divergence over the classes and averages it over the batch', () => {
  // 0.5 ln(0.5/0.25) + 0.5 ln(0.5/0.75) = 0.143841, and 0 for the second image.
  const p = logarithms([...half, ...half])
  const q = logarithms([...skewed, ...half])
  expect(value(tf.mean(klDivergence(p, q)))).toBeCloseTo(0.14384103622589045 / 2, 6)
})

it('takes the peer as the target: KL(peer || student), not the other way round', () => {
  // 0.25 ln(0.25/0.5) + 0.75 ln(0.75/0.5)
  expect(value(mutualLoss([logarithms(skewed)], logarithms(half), by(1)))).toBeCloseTo(0.13081203594113697, 6)
})

it('takes the mean of both directions for a symmetric divergence', () => {
  const symmetric = Teaching.parse({ divergence: 'SYMMETRIC_KL' })
  const loss = mutualLoss([logarithms(skewed)], logarithms(half), symmetric)
  expect(value(loss)).toBeCloseTo((0.13081203594113697 + 0.14384103622589045) / 2, 6)
})

it('takes the mean squared difference of features to each peer, or to the peers’ mean under DML_e', () => {
  const own = tf.tensor2d([
    [1, 2],
    [0, 0],
  ])
  const peers = [tf.zerosLike(own), tf.mul(own, 3)]
  // Of the four squared differences 1, 4, 0 and 0, and of twice as long ones.
  expect(value(featureLoss(peers, own))).toBeCloseTo((5 / 4 + 20 / 4) / 2, 6)
  expect(value(ensembleFeatureLoss(peers, own))).toBeCloseTo((0.5 ** 2 * 5) / 4, 6)
})

it('divides by the number of peers', () => {
  const loss = mutualLoss([logarithms(skewed), logarithms(half)], logarithms(half), by(1))
  expect(value(loss)).toBeCloseTo(0.13081203594113697 / 2, 6)
})

it('softens both sides at a temperature and multiplies by its square', () => {
  // Squared and normalised again, the posteriors at temperature 1/2 are [0.5, 0.5] and [0.1, 0.9].
  const divergence = 0.1 * Math.log(0.1 / 0.5) + 0.9 * Math.log(0.9 / 0.5)
  expect(value(mutualLoss([logarithms(skewed)], logarithms(half), by(0.5)))).toBeCloseTo(divergence / 4, 6)
})

it('learns from the mean posterior of the peers under DML_e', () => {
  // The mean of [0.25, 0.75] and [0.75, 0.25] is [0.5, 0.5]: nothing to learn for a student that says so.
  const peers = [logarithms(skewed), logarithms([[0.75, 0.25]])]
  expect(value(ensembleTeacherLoss(peers, logarithms(half), by(1)))).toBeCloseTo(0, 6)
  expect(value(ensembleTeacherLoss(peers, logarithms(skewed), by(1)))).toBeCloseTo(0.14384103622589045, 6)
})

it('spreads a share of each label over all classes, the true one too', () => {
  const targets = smoothedLabels(tf.tensor1d([2, 0], 'int32'), 4, 0.2).arraySync() as number[][]
  const expected = [
    [0.05, 0.05, 0.85, 0.05],
    [0.85, 0.05, 0.05, 0.05],
  ]
  for (const [i, row] of expected.entries())
    for (const [c, share] of row.entries()) expect(targets[i]![c]).toBeCloseTo(share, 6)
})

it('mixes and weights targets as the images are, whose hits count by their shares', () => {
  const labels = tf.tensor1d([0, 2], 'int32')
  const mixed = { labels, mixedWith: tf.tensor1d([1, 0], 'int32'), otherShare: tf.scalar(0.25) }
  const labelWeights = tf.tensor1d([1, 4])
  expect(labelTargets(mixed, 3, 0).arraySync()).toEqual([
    [0.75, 0, 0.25],
    [0.25, 0, 0.75],
  ])
  expect(labelTargets({ ...mixed, labelWeights }, 3, 0).arraySync()).toEqual([
    [0.75, 0, 1],
    [0.25, 0, 3],
  ])
  const logits = tf.tensor2d([5, 0, 0, 5, 0, 0], [2, 3])
  expect(top1({ labels }, logits).arraySync()).toBe(0.5)
  expect(top1(mixed, logits).arraySync()).toBe(0.5 * (0.75 + 0.25))
})

it('ramps the teaching up to the whole within its epochs, and stays there', () => {
  const shares = [0, 1, 2, 4, 5].map((epochs) => rampUpAt(epochs, 4).toFixed(4))
  expect(shares).toEqual(['0.0067', '0.0601', '0.2865', '1.0000', '1.0000'])
  expect(rampUpAt(0, 0)).toBe(1)
})

it('leaves labels one-hot where nothing is spread', () => {
  expect(smoothedLabels(tf.tensor1d([1], 'int32'), 3, 0).arraySync()).toEqual([[0, 1, 0]])
})

it('distils from a teacher as from a single peer, times the square of the temperature', () => {
  // At temperature 2 the posteriors [0.1, 0.9] become [0.25, 0.75], and [0.5, 0.5] stay.
  const divergence = 0.25 * Math.log(0.25 / 0.5) + 0.75 * Math.log(0.75 / 0.5)
  expect(value(distillationLoss(logarithms([[0.1, 0.9]]), logarithms(half), by(2)))).toBeCloseTo(
    4 * divergence,
    5,
  )
})

it('stays finite where no peer believes in a class at all', () => {
  // e^-300 is 0 in float32.
  const sure = tf.tensor2d([[300, 0]])
  const loss = ensembleTeacherLoss([sure], logarithms(half), by(1))
  expect(value(loss)).toBeCloseTo(Math.log(2), 5)
  const symmetric = Teaching.parse({ divergence: 'SYMMETRIC_KL' })
  const gradient = tf.grad((logits) => ensembleTeacherLoss([sure], logits, symmetric))(logarithms(half))
  expect([...gradient.dataSync()].every(Number.isFinite)).toBe(true)
})

it('decouples KL: with the weights 1 and 1 - p of the image’s class it is KL itself', () => {
  const [p, q] = [logarithms([[0.5, 0.3, 0.2]]), logarithms([[0.2, 0.2, 0.6]])]
  const truth = tf.tensor2d([[1, 0, 0]])
  const decoupled = (targetClassWeight: number, otherClassesWeight: number) =>
    value(
      mutualLoss(
        [p],
        q,
        Teaching.parse({ divergence: 'DECOUPLED_KL', targetClassWeight, otherClassesWeight }),
        truth,
      ),
    )
  expect(decoupled(1, 0.5)).toBeCloseTo(value(klDivergence(p, q)), 6)
  expect(decoupled(0, 1)).toBeCloseTo(0.6 * Math.log(0.6 / 0.25) + 0.4 * Math.log(0.4 / 0.75), 6)
  expect(decoupled(1, 0)).toBeCloseTo(0.5 * Math.log(0.5 / 0.2) + 0.5 * Math.log(0.5 / 0.8), 6)
})

it('keeps decoupled KL and its gradient finite where everyone is sure', () => {
  const comparison = Teaching.parse({ divergence: 'DECOUPLED_KL' })
  const truth = tf.tensor2d([[1, 0, 0]])
  for (const sure of [tf.tensor2d([[300, 0, 5]]), tf.tensor2d([[-300, 0, 5]])]) {
    const loss = (logits: Tensor) => mutualLoss([sure], logits, comparison, truth)
    const gradient = tf.grad(loss)(tf.tensor2d([[250, 1, 0]]))
    expect([value(loss(sure)), ...gradient.dataSync()].every(Number.isFinite)).toBe(true)
  }
})

it('compares z-scores of logits, which their size and offset do not change', () => {
  const logits = tf.tensor2d([[1, 2, 6]])
  const deviation = Math.sqrt(14 / 3)
  expect([...standardized(logits, 1).dataSync()].map((score) => score.toFixed(5))).toEqual(
    [-2, -1, 3].map((centred) => (centred / deviation).toFixed(5)),
  )
  const comparison = Teaching.parse({ standardizesLogits: true, temperature: 2 })
  const larger = tf.add(tf.mul(logits, 4), 7)
  expect(value(mutualLoss([larger], logits, comparison))).toBeCloseTo(0, 6)
  const flat = tf.grad((own) => mutualLoss([logits], own, comparison))(tf.zeros([1, 3]))
  expect([...flat.dataSync()].every(Number.isFinite)).toBe(true)
})

it('makes KDCL’s teachers of all students, image by image', () => {
  const ada = tf.tensor2d([4, 1, 0, 0, 1, 0], [2, 3])
  const ben = tf.tensor2d([2, 0, 1, 3, 5, 3], [2, 3])
  const truth = tf.tensor2d([1, 0, 0, 0, 1, 0], [2, 3])
  expect(leastLossLogits([ada, ben], truth).arraySync()).toEqual([
    [4, 1, 0],
    [3, 5, 3],
  ])
  expect(leastLogits([ada, ben], truth).arraySync()).toEqual([
    [0, -3, -4],
    [-2, 0, -2],
  ])
})

it('teaches a mixed image by the class of its larger part, one without a label by what is believed', () => {
  const labels = tf.tensor1d([0, 2], 'int32')
  const sources = [
    tf.tensor2d([0, 0, 0, 0, 0, 0, 0, 5, 2], [3, 3]),
    tf.tensor2d([0, 0, 0, 0, 0, 0, 0, 0, 1], [3, 3]),
  ]
  const classes = (truth: Tensor) => [...truth.argMax(1).dataSync()]
  expect(classes(classesOf({ labels }, sources))).toEqual([0, 2, 1])
  const two = sources.map((logits) => tf.slice(logits, [0, 0], [2, 3]))
  const mixed = (share: number) =>
    classes(classesOf({ labels, mixedWith: tf.tensor1d([1, 0], 'int32'), otherShare: tf.scalar(share) }, two))
  expect([mixed(0.25), mixed(0.75)]).toEqual([
    [0, 2],
    [2, 0],
  ])
})

it('has the student nearest to the labels wait while it is too far ahead of the farthest', () => {
  const labels = tf.tensor2d([[1, 0, 0]])
  const learning = (...posteriors: number[][]) =>
    whoLearns(
      posteriors.map((posterior) => logarithms([posterior])),
      labels,
      1,
    ).map((learns) => learns.dataSync()[0])
  // ‖p - y‖ are 0.8 and 1.2, so δ = 1.2 - e^-0.4 · 0.8 = 0.664. Wrong alike, G is 0.4; wrong in other ways, 1.2.
  expect(learning([0.6, 0.2, 0.2], [0.4, 0.3, 0.3])).toEqual([1, 1])
  expect(learning([0.6, 0.4, 1e-9], [0.4, 1e-9, 0.6])).toEqual([0, 1])
  expect(learning([0.4, 1e-9, 0.6], [0.5, 0.25, 0.25], [0.6, 0.4, 1e-9])).toEqual([1, 1, 0])
})
