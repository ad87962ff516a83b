/**
 * Computes a convolution and its gradients in both precisions, twice each, in the environment of a training process,
 * and prints them as one line of JSON.
 */
import { GraphRecorder, type Precision } from '../../workers/engine/capture/recorder.ts'
import { Session } from '../../workers/engine/capture/session.ts'
import { type Tensor4D, tf, usesCard } from '../../workers/engine/tensorflow.ts'
import type { Probe } from './examine.ts'

const images = { dtype: 'float32', shape: [4, 8, 8, 3] } as const
const kernel = { dtype: 'float32', shape: [3, 3, 3, 4] } as const

function waves(length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(1.7 * i))
}

function compute(precision: Precision): number[][] {
  const recorder = new GraphRecorder([])
  const convolve = (x: Tensor4D, w: Tensor4D) => tf.sum(tf.square(tf.conv2d(x, w, 1, 'same')))
  recorder.record(
    'probe',
    { images, kernel },
    (inputs) => {
      const gradients = tf.grads((x, w) => convolve(x as Tensor4D, w as Tensor4D) as never)
      const [ofImages, ofKernel] = gradients([inputs.images as Tensor4D, inputs.kernel as Tensor4D])
      return {
        result: tf.concat([tf.reshape(ofImages as Tensor4D, [-1]), tf.reshape(ofKernel as Tensor4D, [-1])]),
      }
    },
    precision,
  )
  const session = Session.open(recorder)
  const given = { images: waves(4 * 8 * 8 * 3), kernel: waves(3 * 3 * 3 * 4) }
  const results = [1, 2].map(() => [...session.run<'result'>('probe', given).result])
  session.close()
  return results
}

const probe: Probe = { usesCard: usesCard(), FLOAT32: compute('FLOAT32'), BFLOAT16: compute('BFLOAT16') }
process.stdout.write(`${JSON.stringify(probe)}\n`)
process.exit(0)
