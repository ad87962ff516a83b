import { decodeSafetensors } from '../safetensors.ts'
import type { State } from './exported-model.ts'

/** The weights of students as the format SAFETENSORS keeps them, by student. @returns what an export is written from */
export function readExportedWeights(files: ReadonlyMap<string, Buffer>): State {
  return new Map(
    [...files].flatMap(([student, file]) =>
      decodeSafetensors(file).tensors.map(({ name, values }) => [`${student}/${name}`, values] as const),
    ),
  )
}
