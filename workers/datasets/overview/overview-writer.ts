import { Readable } from 'node:stream'
import sharp from 'sharp'
import { blobsOfOverview, DatasetOverview } from '../../../contract/dataset-overview.ts'
import type { BlobStorage } from '../../../storage/blob-storage.ts'
import type { PictureShape } from '../pictures/picture-shape.ts'
import { DuplicateFinder } from './duplicates.ts'
import { MeanPicture } from './mean-picture.ts'
import { Thumbnails } from './thumbnails.ts'

/** Gathers what can be seen in a dataset version while its images come by. */
export class OverviewWriter {
  readonly #storage: BlobStorage
  readonly #shape: PictureShape
  readonly #scratch: string | undefined
  readonly #thumbnails = new Map<string, Thumbnails>()
  readonly #counts = new Map<string, number>()
  readonly #duplicates = new DuplicateFinder()
  readonly #mean: MeanPicture

  constructor(storage: BlobStorage, shape: PictureShape, scratch?: string) {
    this.#storage = storage
    this.#shape = shape
    this.#scratch = scratch
    this.#mean = new MeanPicture(shape.height * shape.width * shape.channels)
  }

  /**
   * The next image of a split.
   * @param pixels  uint8, HWC
   * @param label  orders the thumbnails: of searched images their identity
   */
  async add(split: string, pixels: Uint8Array, label: number): Promise<void> {
    const index = this.#counts.get(split) ?? 0
    this.#counts.set(split, index + 1)
    this.#duplicates.add({ split, index }, pixels, this.#shape)
    if (split === 'train') this.#mean.add(pixels)
    const thumbnails = this.#thumbnails.get(split) ?? (await Thumbnails.open(this.#shape, this.#scratch))
    this.#thumbnails.set(split, thumbnails)
    await thumbnails.add(pixels, label)
  }

  /** Keeps all of it. @returns the overview's own name, those of the blobs that it names, and which images are the same */
  async finish(): Promise<{
    overviewSha256: string
    overviewBlobs: string[]
    exact: DatasetOverview['exact']
  }> {
    const sheets: Record<string, string[]> = {}
    for (const [split, thumbnails] of this.#thumbnails) sheets[split] = await thumbnails.draw(this.#storage)
    const overview = DatasetOverview.parse({
      format: 'studyhall-overview-1',
      tilePixels: Thumbnails.tilePixels(this.#shape),
      sheets,
      meanSha256: (await this.#storage.put(Readable.from([await this.#drawMean()]))).sha256,
      ...this.#duplicates.find(),
    })
    const { sha256 } = await this.#storage.put(Readable.from([Buffer.from(JSON.stringify(overview))]))
    return { overviewSha256: sha256, overviewBlobs: blobsOfOverview(overview), exact: overview.exact }
  }

  async close(): Promise<void> {
    for (const thumbnails of this.#thumbnails.values()) await thumbnails.close()
  }

  #drawMean(): Promise<Buffer> {
    return sharp(this.#mean.mean(), { raw: this.#shape }).png().toBuffer()
  }
}
