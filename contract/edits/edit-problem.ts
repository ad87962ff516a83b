/** What the blobs of numbers of a version say of every picture, split by split. */
export interface PictureNumbers {
  /** Classes, or of searched pictures identities. */
  labels: Readonly<Record<string, Int32Array>>
  /** Of searched pictures alone. */
  cameras: Readonly<Record<string, Int32Array>>
}

export interface EditProblem {
  message: string
  /** The part of the edit. */
  part: 'drop' | 'move' | 'rename' | 'subset'
}
