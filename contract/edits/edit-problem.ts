export interface EditProblem {
  message: string
  /** The field of the edit at fault. */
  part: 'drop' | 'move' | 'rename' | 'subset'
}
