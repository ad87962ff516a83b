/** The dataset cannot be used; the message says what is wrong with it and what to do, for a person to read. */
export class RefusedDataset extends Error {
  override readonly name = 'RefusedDataset'
}
