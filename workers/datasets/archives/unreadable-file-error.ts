/** One file is damaged or is not what it claims; it is left out of the dataset, and the message says why. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError'
}
