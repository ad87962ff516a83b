import type { Doubt } from '../../../contract/dataset-doubts.ts'
import { type ImportReport, MAX_NAMED_PICTURES } from '../../../contract/import-report.ts'
import { UnreadableFileError } from '../archives/unreadable-file-error.ts'
import type { Arrangement } from '../formats/arrangement.ts'
import { commonestFirst, type PictureShape, type SizeCount } from '../pictures/picture-shape.ts'

/** Gathers what an import does with every file, for its report. */
export class ImportLog {
  readonly notes: string[]
  readonly doubts: Doubt[]
  #pictures = 0
  #resized = 0
  readonly #ignored: Arrangement['ignored']
  readonly #leftOut: Arrangement['leftOut']
  readonly #sizes = new Map<string, SizeCount>()

  constructor(arrangement: Arrangement) {
    this.notes = [...arrangement.notes]
    this.doubts = [...arrangement.doubts]
    this.#ignored = arrangement.ignored
    this.#leftOut = [...arrangement.leftOut]
  }

  addPicture(found: PictureShape, wanted: PictureShape): void {
    this.#pictures++
    if (found.width !== wanted.width || found.height !== wanted.height) this.#resized++
    const { width, height } = found
    const size = this.#sizes.get(`${width}x${height}`) ?? { width, height, count: 0 }
    size.count++
    this.#sizes.set(`${width}x${height}`, size)
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
