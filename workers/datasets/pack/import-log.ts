import type { Doubt } from '../../../contract/dataset-doubts.ts'
import { type ImportReport, MAX_NAMED_PICTURES } from '../../../contract/import-report.ts'
import type { Preparation } from '../../../contract/packed/preparation.ts'
import { UnreadableFileError } from '../archives/unreadable-file-error.ts'
import type { Arrangement } from '../formats/arrangement.ts'
import { commonestFirst, type PictureShape, type SizeCount } from '../pictures/picture-shape.ts'
import { preparationNotes } from '../pictures/preparation-notes.ts'

interface PackedPicture {
  found: PictureShape
  hasAlpha?: boolean | undefined
}

/** Every pixel is as the one before. */
function isBlank(pixels: Uint8Array, channels: number): boolean {
  // Hardly any image is: its second pixel tells it of most.
  for (let i = 0; i < channels; i++) if (pixels[i] !== pixels[channels + i]) return false
  return Buffer.compare(pixels.subarray(channels), pixels.subarray(0, -channels)) === 0
}

/** Gathers what an import does with every file, for its report. */
export class ImportLog {
  readonly notes: string[]
  readonly doubts: Doubt[]
  #pictures = 0
  #resized = 0
  #transparent = 0
  #blank = 0
  readonly #ignored: Arrangement['ignored']
  readonly #leftOut: Arrangement['leftOut']
  readonly #sizes = new Map<string, SizeCount>()

  constructor(arrangement: Arrangement) {
    this.notes = [...arrangement.notes]
    this.doubts = [...arrangement.doubts]
    this.#ignored = arrangement.ignored
    this.#leftOut = [...arrangement.leftOut]
  }

  addPicture({ found, hasAlpha }: PackedPicture, wanted: PictureShape, pixels: Uint8Array): void {
    this.#pictures++
    if (hasAlpha) this.#transparent++
    if (isBlank(pixels, wanted.channels)) this.#blank++
    if (found.width !== wanted.width || found.height !== wanted.height) this.#resized++
    const { width, height } = found
    const size = this.#sizes.get(`${width}x${height}`) ?? { width, height, count: 0 }
    size.count++
    this.#sizes.set(`${width}x${height}`, size)
  }

  /** Once all are packed: what became of those that were not as the others are. */
  tellPreparation(shape: PictureShape, preparation: Preparation): void {
    const counts = { transparent: this.#transparent, blank: this.#blank }
    this.notes.push(...preparationNotes(this.#sizes.values(), shape, preparation, counts))
  }

  /** What came of the work, or undefined where the image is damaged and so is left out. */
  async orLeaveOut<Result>(path: string, work: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof UnreadableFileError)) throw error
      this.#leftOut.push({ path, reason: error.message })
      return undefined
    }
  }

  report(): ImportReport {
    return {
      pictures: this.#pictures,
      ignored: this.#ignored.slice(0, MAX_NAMED_PICTURES),
      ignoredCount: this.#ignored.length,
      // Images are decoded side by side: they fail in no fixed order.
      leftOut: this.#leftOut.sort((a, b) => (a.path < b.path ? -1 : 1)).slice(0, MAX_NAMED_PICTURES),
      leftOutCount: this.#leftOut.length,
      sizes: [...this.#sizes.values()].sort(commonestFirst).slice(0, MAX_NAMED_PICTURES),
      resizedCount: this.#resized,
      notes: this.notes,
      doubts: this.doubts,
    }
  }
}
