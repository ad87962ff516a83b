/** What a card says of a model in 8-bit integers. */
import type { QuantizationRecord } from './int8/quantization-record.ts'
import type { ModelMetadata } from './model-metadata.ts'

type Loss = QuantizationRecord['loss']

export const X86_NOTE =
  'On x86 processors without VNNI instructions sums of products may overflow and cost more accuracy than was measured here: there the session option `session.x64quantprecision` = `1` prevents it.'

/** How the numbers are written down. */
export function quantizationNotes({ quantization }: Pick<ModelMetadata, 'quantization'>): string {
  if (!quantization) return ''
  const { weights, values, calibrationImages } = quantization
  return `It is quantised after the training, in QDQ form (QuantizeLinear and DequantizeLinear), batch normalisation within the convolutions: weights in ${weights}; feature maps in ${values}, from ${calibrationImages.toLocaleString('en')} training images. Normalisation, features, logits and posterior are float32. ${X86_NOTE}`
}

/** What it costs, as a part of the card; empty for other models. */
export function quantizationLossPart({ quantization }: Pick<ModelMetadata, 'quantization'>): string {
  if (!quantization) return ''
  const { loss, byteLength, runtime } = quantization
  const { float32, int8 } = byteLength
  const sizes = `| size of model.onnx | ${kilobytes(float32)} | ${kilobytes(int8)} (${((100 * int8) / float32).toFixed(0)} %) |`
  const { mean, least } = loss.featureSimilarity
  return `

## What 8 bits cost

The table above is of the model as it was trained, in float32. ${measuredOn(loss)}, ${runtime} gives:

| | float32 | int8 |
|---|---|---|
${scoreRows(loss)}
${sizes}

${'agreement' in loss ? `Both name the same class for ${percent(loss.agreement)} of the images. ` : ''}The cosine similarity of an image's features before and after is ${mean.toFixed(4)} on average and ${least.toFixed(4)} at least.`
}

/** The score that the model has in 8 bits, on the images that it was measured on. */
export function quantizedScore({ loss }: QuantizationRecord): { value: number; dataset: string } {
  return loss.task === 'RETRIEVAL'
    ? {
        value: loss.int8.meanAveragePrecision,
        dataset: `${loss.queries} queries in a gallery of ${loss.gallery} images`,
      }
    : { value: loss.int8.top1, dataset: `${loss.images} test images` }
}

function measuredOn(loss: Loss): string {
  if (loss.task === 'CLASSIFICATION') return `On ${someOf(loss.images, loss.of, 'test images')}`
  return `For ${someOf(loss.queries, loss.ofQueries, 'queries')} in ${someOf(loss.gallery, loss.ofGallery, 'images of the gallery')}`
}

function someOf(count: number, all: number, what: string): string {
  if (count === all) return `all ${all.toLocaleString('en')} ${what}`
  return `${count.toLocaleString('en')} of the ${all.toLocaleString('en')} ${what}`
}

function scoreRows(loss: Loss): string {
  if (loss.task === 'CLASSIFICATION')
    return `| top-1 | ${percent(loss.float32.top1)} | ${percent(loss.int8.top1)} |`
  const { float32, int8 } = loss
  return `| mAP | ${percent(float32.meanAveragePrecision)} | ${percent(int8.meanAveragePrecision)} |
| rank 1 | ${percent(float32.rank1)} | ${percent(int8.rank1)} |`
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`
}

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1000).toLocaleString('en')} kB`
}
