// biome-ignore-all lint/style/noNonNullAssertion: there is a sum for each byte of an image

/** So many bytes of 255 have a sum of 32 bits, which is faster added to than one of 64. */
const MAX_ADDED = Math.floor((2 ** 32 - 1) / 255)

/** The mean of many images, byte by byte. */
export class MeanPicture {
  readonly #sums: Float64Array
  readonly #recent: Uint32Array
  #count = 0

  constructor(byteLength: number) {
    this.#sums = new Float64Array(byteLength)
    this.#recent = new Uint32Array(byteLength)
  }

  add(pixels: Uint8Array): void {
    if (this.#count > 0 && this.#count % MAX_ADDED === 0) this.#addRecent()
    const recent = this.#recent
    for (let i = 0; i < recent.length; i++) recent[i]! += pixels[i]!
    this.#count++
  }

  mean(): Uint8Array {
    this.#addRecent()
    const count = Math.max(1, this.#count)
    return Uint8Array.from(this.#sums, (sum) => Math.round(sum / count))
  }

  #addRecent(): void {
    for (let i = 0; i < this.#recent.length; i++) this.#sums[i]! += this.#recent[i]!
    this.#recent.fill(0)
  }
}
