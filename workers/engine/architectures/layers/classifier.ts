import { type SymbolicTensor, tf } from '../../tensorflow.ts'
import type { NetworkOptions, NetworkOutputs } from '../network.ts'
import { applyLayer } from './apply-layer.ts'
import { globalAveragePooling } from './global-average-pooling.ts'

/** The end of every network: `features`, the last feature map averaged over its places, and `logits`, linear in them. */
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
