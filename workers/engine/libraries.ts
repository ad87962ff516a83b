import { nativeBinding, tf } from './tensorflow.ts'

/** Versions of what computes, by name: rounding may differ with each of them. */
export const LIBRARIES: Record<string, string> = {
  node: process.versions.node,
  tfjs: tf.version_core,
  tensorflow: nativeBinding.TF_Version,
  platform: `${process.platform} ${process.arch}`,
}
