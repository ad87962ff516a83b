import { Readable } from 'node:stream'
import sharp from 'sharp'
import { orderOfThumbnails, SHEET_COLUMNS, TILES_A_SHEET } from '../../../contract/dataset-overview.ts'
import type { BlobStorage } from '../../../storage/blob-storage.ts'
import { Spool } from '../archives/spool.ts'
import { inThreeChannels } from '../pictures/channels.ts'
import type { PictureShape } from '../pictures/picture-shape.ts'

const MAX_TILE_PIXELS = 64
const JPEG_QUALITY = 85

/** The thumbnails of a split: made as its images come by, and drawn on sheets when all are there. */
export class Thumbnails {
  readonly #tiles: Spool
  readonly #shape: PictureShape
  readonly #labels: number[] = []

  private constructor(tiles: Spool, shape: PictureShape) {
    this.#tiles = tiles
    this.#shape = shape
  }

  static async open(shape: PictureShape, scratch?: string): Promise<Thumbnails> {
    return new Thumbnails(await Spool.open(scratch), shape)
  }

  static tilePixels({ height, width }: PictureShape): number {
    return Math.min(MAX_TILE_PIXELS, Math.max(height, width))
  }

  /** @param pixels  uint8, HWC */
  async add(pixels: Uint8Array, label: number): Promise<void> {
    this.#labels.push(label)
    await this.#tiles.append(await this.#shrink(pixels))
  }

  /** Keeps the sheets and returns their names, in order. */
  async draw(storage: BlobStorage): Promise<string[]> {
    await this.#tiles.flush()
    const order = orderOfThumbnails(this.#labels)
    const sheets: string[] = []
    for (let first = 0; first < order.length; first += TILES_A_SHEET) {
      const sheet = await this.#drawSheet(order.subarray(first, first + TILES_A_SHEET))
      sheets.push((await storage.put(Readable.from([sheet]))).sha256)
    }
    return sheets
  }

  close(): Promise<void> {
    return this.#tiles.close()
  }

  /** Of the tile's size or smaller, in three channels. */
  async #shrink(pixels: Uint8Array): Promise<Uint8Array> {
    const { height, width, channels } = this.#shape
    const { height: tileHeight, width: tileWidth } = this.#tileShape()
    if (height === tileHeight && width === tileWidth) return channels === 3 ? pixels : inThreeChannels(pixels)
    return sharp(pixels, { raw: this.#shape })
      .resize(tileWidth, tileHeight, { fit: 'fill' })
      .toColourspace('srgb')
      .raw()
      .toBuffer()
  }

  #tileShape(): { height: number; width: number } {
    const { height, width } = this.#shape
    const scale = Thumbnails.tilePixels(this.#shape) / Math.max(height, width)
    const shrunk = (side: number) => Math.max(1, Math.round(side * scale))
    return { height: shrunk(height), width: shrunk(width) }
  }

  async #drawSheet(indices: Uint32Array): Promise<Buffer> {
    const tile = Thumbnails.tilePixels(this.#shape)
    const rows = Math.ceil(indices.length / SHEET_COLUMNS)
    const stride = tile * SHEET_COLUMNS * 3
    const sheet = Buffer.alloc(rows * tile * stride, 0x80)
    const { height, width } = this.#tileShape()
    const left = (tile - width) >> 1
    const top = (tile - height) >> 1
    for (const [i, index] of indices.entries()) {
      const pixels = this.#tiles.readNow(index * height * width * 3, height * width * 3)
      const column = (i % SHEET_COLUMNS) * tile + left
      const row = Math.floor(i / SHEET_COLUMNS) * tile + top
      for (let y = 0; y < height; y++)
        pixels.copy(sheet, (row + y) * stride + column * 3, y * width * 3, (y + 1) * width * 3)
    }
    const raw = { width: tile * SHEET_COLUMNS, height: rows * tile, channels: 3 } as const
    return sharp(sheet, { raw }).jpeg({ quality: JPEG_QUALITY }).toBuffer()
  }
}
