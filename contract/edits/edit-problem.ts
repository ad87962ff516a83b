export interface EditProblem {
  message: string
  /** The part of the edit. */
  part: 'drop' | 'move' | 'rename' | 'subset'
}
