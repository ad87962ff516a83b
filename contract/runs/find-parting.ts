import type { WeightHashes } from './receipt.ts'

/** Where two trainings of one order parted: the first step and tensor that differ. */
export interface Parting {
  step: number
  tensor: string
}

/** @returns null where the weights are equal to the bit after this step */
export function findParting(wanted: WeightHashes, found: WeightHashes): Parting | null {
  const names = new Set([...Object.keys(wanted.tensors), ...Object.keys(found.tensors)])
  const tensor = [...names].find((name) => wanted.tensors[name] !== found.tensors[name])
  return tensor === undefined ? null : { step: wanted.step, tensor }
}
