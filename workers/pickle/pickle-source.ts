/** What is wrong with a pickle, as a sentence about it. */
export class PickleError extends Error {}

/** Goes through the bytes of a pickle. @throws PickleError where they end too early */
export interface PickleSource {
  take(length: number): Buffer
  /** Up to the next line feed, without it. */
  line(): string
}
