/** Long enough that the host's part is small, short enough that a stop is obeyed at once. */
const CALL_SECONDS = 0.15
/** Longer calls would save nothing. */
export const MOST_STEPS_PER_CALL = 256
/** Of a call's images, so that large images do not fill the memory. */
const MOST_BYTES_PER_CALL = 64 * 2 ** 20

/**
 * How many training steps the next call into TensorFlow takes. Where the number is not given, a call takes one
 * step until its time is known, then as many as take 150 ms. The result of a run does not depend on it.
 */
export class StepsPerCall {
  readonly #given: number | undefined
  readonly #most: number
  #next = 1

  /** @param batchBytes of the inputs of a step */
  constructor(given: number | undefined, batchBytes: number) {
    this.#given = given
    this.#most = mostStepsPerCall(batchBytes)
  }

  get next(): number {
    return this.#given ?? this.#next
  }

  /** Tells how long a call took. The first calls also build and compile the program, and count for nothing. */
  measure(steps: number, seconds: number): void {
    const fitting = Math.floor((CALL_SECONDS * steps) / Math.max(seconds, 1e-6))
    // Not at once, since the first call is no measure of those that follow.
    this.#next = Math.max(1, Math.min(fitting, 4 * this.#next, this.#most))
  }
}

export function mostStepsPerCall(batchBytes: number): number {
  return Math.max(1, Math.min(MOST_STEPS_PER_CALL, Math.floor(MOST_BYTES_PER_CALL / batchBytes)))
}
