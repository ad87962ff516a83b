import type { Tensor } from '../tensorflow.ts'

/** A weight before its update, and the gradient of its student's loss. */
export interface WeightStep {
  weight: Tensor
  gradient: Tensor
  /** State tensors, in the order of the optimizer's `slots`. */
  slots: Tensor[]
  /** Whether weight decay applies, which it does to kernels only. */
  decays: boolean
}

/** An update rule. */
export interface Optimizer<Settings> {
  /**
   * Names of the state tensors per trainable weight, such as `velocity`; each has the weight's shape and
   * starts at 0.
   */
  slots: readonly string[]
  /**
   * The scalars that change from step to step. Computed in double precision and passed to the captured step
   * as an input; all other settings are constants of the graph.
   * @param update number of the student's update, from 1
   */
  scalarsAt(settings: Settings, learningRate: number, update: number): number[]
  /** @param scalars the result of `scalarsAt`, one tensor each */
  next(step: WeightStep, scalars: Tensor[], settings: Settings): { weight: Tensor; slots: Tensor[] }
}
