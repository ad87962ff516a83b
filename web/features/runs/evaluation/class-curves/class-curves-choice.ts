/** Whose curves are shown, and of which classes, as the page's address says. */

/** As many as the API gives at once. */
export const MAX_CLASSES = 20
/** In the address, in place of a student's position. */
export const ENSEMBLE = 'ensemble'

/** @returns a position, or null for the ensemble; the first student's where there is no such one */
export function readStudent(text: string | null, students: number): number | null {
  if (text === ENSEMBLE && students > 1) return null
  const position = /^\d{1,2}$/.test(text ?? '') ? Number(text) : 0
  return position < students ? position : 0
}

/** `3.7.12`: indices of classes, each once; null where none is chosen. */
export function readClasses(text: string | null, classCount: number): number[] | null {
  const indices = (text ?? '')
    .split('.')
    .filter((part) => /^\d{1,7}$/.test(part))
    .map(Number)
    .filter((index) => index < classCount)
  const chosen = [...new Set(indices)].slice(0, MAX_CLASSES)
  return chosen.length > 0 ? chosen : null
}

export function writeClasses(indices: readonly number[]): string | null {
  return indices.length > 0 ? indices.join('.') : null
}
