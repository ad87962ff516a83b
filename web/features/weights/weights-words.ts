import type {
  GivenWeightsKind,
  GivenWeightsStatus,
  WeightsFitImages,
  WeightsRowFragment,
} from '../../graphql/generated/operations.ts'

export const kindWords: Record<GivenWeightsKind, string> = {
  SAFETENSORS: 'safetensors',
  PYTORCH: 'PyTorch state_dict',
  TFJS: 'TF.js layers model',
  KERAS: 'Keras model',
  MODEL: 'model of the registry',
}

export const statusWords: Record<GivenWeightsStatus, string> = {
  PENDING: 'Being read',
  READY: 'Ready',
  REFUSED: 'Refused',
}

export const imagesWords: Record<WeightsFitImages, string> = {
  ANY: 'of any size',
  UP_TO_64_PIXELS: 'up to 64 pixels',
  ABOVE_64_PIXELS: 'above 64 pixels',
}

type Fit = WeightsRowFragment['fits'][number]

/** “all 135 tensors”, “127 of 128 tensors”. */
export function describeMatch({ matched, total }: Pick<Fit, 'matched' | 'total'>): string {
  return matched === total ? `all ${total} tensors` : `${matched} of ${total} tensors`
}

export function describeNormalization({
  channelMeans,
  channelDeviations,
}: Pick<Fit, 'channelMeans' | 'channelDeviations'>): string {
  if (channelMeans.length === 0) return 'By the dataset’s own means and deviations: the file states none'
  const numbers = (values: readonly number[]) => values.map((value) => Number(value.toFixed(3))).join(', ')
  return `Means ${numbers(channelMeans)}, deviations ${numbers(channelDeviations)}`
}
