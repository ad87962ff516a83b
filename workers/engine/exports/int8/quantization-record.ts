import type { QuantizationLoss } from './measure-loss.ts'

/** What a model in 8-bit integers is, and what that cost; part of its metadata. */
export interface QuantizationRecord {
  weights: string
  values: string
  /** Training images by which ranges were found. */
  calibrationImages: number
  /** What `loss` was measured with. */
  runtime: string
  /** Of model.onnx, and of the same in float32. */
  byteLength: { float32: number; int8: number }
  loss: QuantizationLoss
}
