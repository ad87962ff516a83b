import type { Tensor } from '../tensorflow.ts'

/** A weight before its update, with the gradient of its student's loss. */
export interface WeightStep {
  weight: Tensor
  gradient: Tensor
  /** As the optimizer's `slots` name them. */
  slots: Tensor[]
  /** Whether weight decay is for this weight: it is a kernel. */
  decays: boolean
}

/** How a weight follows its gradients. */
export interface Optimizer<Settings> {
  /** The state that is kept for every trainable weight, of its shape and zero at first: `velocity`. */
  slots: readonly string[]
  /**
   * The scalars that change from step to step. They are worked out here in double precision and are an input of the
   * captured step; everything else about the settings is part of the graph.
   * @param update which update of its student this is, from 1
   */
  scalarsAt(settings: Settings, learningRate: number, update: number): number[]
  /** @param scalars what `scalarsAt` gave, each a tensor */
  next(step: WeightStep, scalars: Tensor[], settings: Settings): { weight: Tensor; slots: Tensor[] }
}
