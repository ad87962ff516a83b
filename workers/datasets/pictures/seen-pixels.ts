import { ReadAhead } from '../archives/read-ahead.ts'
import { Spool } from '../archives/spool.ts'
import { inThreeChannels } from './channels.ts'
import type { SeenPicture } from './decode.ts'
import type { PictureShape } from './picture-shape.ts'

/** Beyond so much the images that follow are decoded when they are packed. */
const MAX_BYTES = 1024 ** 3

/** The pixels of small images, kept on disk from when they are looked at until they are packed. */
export class SeenPixels {
  readonly #spool: Spool
  #ahead: ReadAhead | undefined

  private constructor(spool: Spool) {
    this.#spool = spool
  }

  static async open(scratch?: string): Promise<SeenPixels> {
    return new SeenPixels(await Spool.open(scratch))
  }

  /** @returns where they are kept, or undefined where there are none or no more are taken */
  async keep({ pixels }: SeenPicture): Promise<number | undefined> {
    if (!pixels || this.#spool.byteLength + pixels.length > MAX_BYTES) return undefined
    const start = this.#spool.byteLength
    await this.#spool.append(pixels)
    return start
  }

  /** To be called once between keeping and reading. */
  async finish(): Promise<void> {
    await this.#spool.flush()
    this.#ahead = new ReadAhead(this.#spool.byteLength, (start, length) => this.#spool.read(start, length))
  }

  /** The pixels in the wanted shape, or undefined where that takes more than copying. */
  async read(start: number, found: PictureShape, wanted: PictureShape): Promise<Uint8Array | undefined> {
    if (!this.#ahead || found.height !== wanted.height || found.width !== wanted.width) return undefined
    if (found.channels > wanted.channels) return undefined
    const pixels = await this.#ahead.read(start, found.height * found.width * found.channels)
    return found.channels === wanted.channels ? pixels : inThreeChannels(pixels)
  }

  close(): Promise<void> {
    return this.#spool.close()
  }
}
