/** What rounding to 8 bits costs, measured on test images with ONNX Runtime: the file written against the same in float32. */
import { type RetrievalScore, shareAtRank } from '../../../../contract/evaluation.ts'
import { EXPORT_SAMPLE, spreadSample } from '../../../../contract/packed/spread-sample.ts'
import type { Features } from '../../evaluation/feature-distances.ts'
import { rankQueries, type Searched, scoreRankings } from '../../evaluation/retrieve.ts'
import { argMax, rowOf } from '../../evaluation/scores.ts'
import type { ExportImages } from '../export-images.ts'
import { FeatureSimilarity } from './feature-similarity.ts'
import type { OnnxSession } from './onnx-session.ts'
import { searchSample } from './test-sample.ts'

/** Of those searched. So many tell a share of 90 % with a standard error of 0.7 points, and what two models differ by more closely. */
const MOST_IMAGES = 2000
const BATCH_SIZE = 32

interface Compared {
  float32: OnnxSession
  int8: OnnxSession
  images: ExportImages
  /** The features' name, and the posterior's. */
  outputs: [features: string, posterior: string]
  /** How many features each student of the model has. */
  widths: readonly number[]
}

export type QuantizationLoss = Awaited<ReturnType<typeof measureLoss>>

export async function measureLoss(compared: Compared) {
  return compared.images.dataset.kind === 'RETRIEVAL' ? measureSearch(compared) : measureClasses(compared)
}

async function measureClasses(compared: Compared) {
  const { images } = compared
  if (images.dataset.kind === 'RETRIEVAL') throw new Error('the dataset has no test images with classes')
  const { test } = images.dataset.splits
  const indices = spreadSample(test, EXPORT_SAMPLE.test)
  const labels = images.labels('test')
  const similarity = new FeatureSimilarity()
  const hits = { float32: 0, int8: 0, same: 0 }
  for await (const { at, float32, int8 } of answers(compared, 'test', indices)) {
    similarity.add(float32.features, int8.features)
    const [before, after] = [argMax(float32.posterior), argMax(int8.posterior)]
    const label = labels[indices[at] as number]
    if (before === label) hits.float32++
    if (after === label) hits.int8++
    if (before === after) hits.same++
  }
  const count = indices.length
  return {
    task: 'CLASSIFICATION' as const,
    images: count,
    of: test.count,
    float32: { top1: hits.float32 / count },
    int8: { top1: hits.int8 / count },
    /** Share of the images that both say is of the same class. */
    agreement: hits.same / count,
    featureSimilarity: similarity.result(),
  }
}

async function measureSearch(compared: Compared) {
  const { images, widths } = compared
  const [query, gallery] = [images.labels('query'), images.labels('gallery')]
  const sample = searchSample(query, gallery, MOST_IMAGES)
  const similarity = new FeatureSimilarity()
  const searched = {
    query: await readFeatures(compared, 'query', sample.query, similarity),
    gallery: await readFeatures(compared, 'gallery', sample.gallery, similarity),
  }
  const scoresOf = async (kind: 'float32' | 'int8') => {
    const { ensemble } = await rankQueries(searched.query[kind], searched.gallery[kind], async () => {})
    const score: RetrievalScore = scoreRankings(ensemble)
    return { meanAveragePrecision: score.meanAveragePrecision, rank1: shareAtRank(score, 1) }
  }
  return {
    task: 'RETRIEVAL' as const,
    queries: sample.query.length,
    ofQueries: query.length,
    gallery: sample.gallery.length,
    ofGallery: gallery.length,
    float32: await scoresOf('float32'),
    int8: await scoresOf('int8'),
    featureSimilarity: similarity.result(),
  }

  async function readFeatures(
    own: Compared,
    name: 'query' | 'gallery',
    indices: readonly number[],
    similar: FeatureSimilarity,
  ): Promise<{ float32: Searched; int8: Searched }> {
    const empty = () =>
      widths.map((width): Features => ({ width, values: new Float32Array(width * indices.length) }))
    const features = { float32: empty(), int8: empty() }
    for await (const { at, float32, int8 } of answers(own, name, indices)) {
      similar.add(float32.features, int8.features)
      place(features.float32, at, float32.features)
      place(features.int8, at, int8.features)
    }
    const [labels, cameras] = [images.labels(name), images.cameras(name)]
    const identified = {
      identities: Int32Array.from(indices, (i) => labels[i] as number),
      cameras: Int32Array.from(indices, (i) => cameras[i] as number),
    }
    return {
      float32: { ...identified, features: features.float32 },
      int8: { ...identified, features: features.int8 },
    }
  }
}

/** Puts an image's features, side by side, into each student's own. */
function place(students: readonly Features[], at: number, features: Float32Array): void {
  let from = 0
  for (const { width, values } of students) {
    values.set(features.subarray(from, from + width), at * width)
    from += width
  }
}

interface Answer {
  features: Float32Array
  posterior: Float32Array
}

/** What both say of each image. */
async function* answers(
  { float32, int8, images, outputs, widths }: Compared,
  name: 'test' | 'query' | 'gallery',
  indices: readonly number[],
): AsyncGenerator<{ at: number; float32: Answer; int8: Answer }> {
  const { height, width, channels } = images.input
  const featureCount = widths.reduce((sum, own) => sum + own, 0)
  const classes = images.dataset.classes.length
  let at = 0
  for await (const pixels of images.pixels(name, indices, BATCH_SIZE)) {
    const count = pixels.length / (height * width * channels)
    const both = []
    for (const session of [float32, int8])
      both.push(await session.run(pixels, [count, height, width, channels], outputs))
    const answerOf = ([features, posterior]: Float32Array[], i: number): Answer => ({
      features: rowOf(features as Float32Array, i, featureCount),
      posterior: rowOf(posterior as Float32Array, i, classes),
    })
    const [before = [], after = []] = both
    for (let i = 0; i < count; i++) yield { at: at++, float32: answerOf(before, i), int8: answerOf(after, i) }
  }
}
