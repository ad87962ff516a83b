import { type SymbolicTensor, tf } from '../../tensorflow.ts'
import type { NetworkOptions, NetworkOutputs } from '../network.ts'
import { applyLayer } from './apply-layer.ts'
import { globalAveragePooling } from './global-average-pooling.ts'

/**
 * The head of every network: `features` is the global average of the last feature map, `logits` a dense layer
 * on them.
 */
export function classify(
  featureMap: SymbolicTensor,
  { classes, prefix }: Pick<NetworkOptions, 'classes' | 'prefix'>,
): NetworkOutputs {
  const features = applyLayer(globalAveragePooling(`${prefix}features`), featureMap)
  const logits = applyLayer(
    tf.layers.dense({ name: `${prefix}logits`, units: classes, kernelInitializer: 'zeros' }),
    features,
  )
  return { features, logits }
}
