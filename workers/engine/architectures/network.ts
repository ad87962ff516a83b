/** What every family of networks is given, and what it gives. */
import type { SymbolicTensor } from '../tensorflow.ts'

export interface NetworkOptions {
  /** The whole name, such as `resnet-32`. */
  architecture: string
  classes: number
  /** Put before every layer's name, so that several networks fit into one model. */
  prefix: string
}

export interface NetworkOutputs {
  /** The last pooled feature, [batch, features]. */
  features: SymbolicTensor
  /** [batch, classes]. */
  logits: SymbolicTensor
}
