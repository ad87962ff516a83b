import { typeOfId } from '../../../contract/ids.ts'

/** The foreign key column and value that refer to a model or an ensemble. */
export function referenceTo(id: string): { modelId: string } | { ensembleId: string } {
  return typeOfId(id) === 'Model' ? { modelId: id } : { ensembleId: id }
}
