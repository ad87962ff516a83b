const WINDOW_BYTES = 1024 * 1024

type ReadBytes = (start: number, length: number) => Promise<Buffer>

/**
 * Reads small pieces that lie one behind the other in large ones: neighbouring files of an archive come in one read.
 * A piece that does not follow the last one is read by itself, so that reading in disorder costs no more than it did.
 */
export class ReadAhead {
  readonly #read: ReadBytes
  readonly #byteLength: number
  #start = 0
  #length = 0
  #window: Promise<Buffer> = Promise.resolve(Buffer.alloc(0))

  constructor(byteLength: number, read: ReadBytes) {
    this.#byteLength = byteLength
    this.#read = read
  }

  /** As many of the bytes as there are; they belong to the reader, but may share memory with others'. */
  async read(start: number, length: number): Promise<Buffer> {
    const isBefore = start < this.#start
    const isWithin = !isBefore && start + length <= this.#start + this.#length
    const follows = !isBefore && start < this.#start + this.#length + WINDOW_BYTES
    if (!isWithin && (!follows || length >= WINDOW_BYTES)) {
      this.#start = start
      this.#length = 0
      return this.#read(start, length)
    }
    if (!isWithin) {
      this.#start = start
      this.#length = Math.max(0, Math.min(WINDOW_BYTES, this.#byteLength - start))
      this.#window = this.#read(start, this.#length)
    }
    const offset = start - this.#start
    const window = await this.#window
    return window.subarray(offset, offset + length)
  }
}
