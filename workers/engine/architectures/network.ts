/** Options and outputs of every architecture family's builder. */
import type { SymbolicTensor } from '../tensorflow.ts'

export interface NetworkOptions {
  /** Full name, such as `resnet-32`. */
  architecture: string
  classes: number
  /** Prefix of every layer's name, so that several networks can be part of one model. */
  prefix: string
}

export interface NetworkOutputs {
  /** Globally pooled features, [batch, features]. */
  features: SymbolicTensor
  /** [batch, classes]. */
  logits: SymbolicTensor
}
