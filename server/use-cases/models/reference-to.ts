import { typeOfId } from '../../../contract/ids.ts'

/** The column by which another row refers to a model or an ensemble. */
export function referenceTo(id: string): { modelId: string } | { ensembleId: string } {
  return typeOfId(id) === 'Model' ? { modelId: id } : { ensembleId: id }
}
