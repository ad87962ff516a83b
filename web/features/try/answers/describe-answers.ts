/** A class and its posterior probability. */
export interface Ranked {
  label: string
  /** 0..1 */
  share: number
}

/** The `count` most likely classes in descending order; ties are in class order. */
export function rankClasses(posterior: Float32Array, classes: string[], count: number): Ranked[] {
  return Array.from(posterior, (share, index) => ({ label: classes[index] ?? `class ${index}`, share }))
    .toSorted((a, b) => b.share - a.share)
    .slice(0, count)
}

/** `All 3 students say trouser.`, or who says what. @param answers of two or more students */
export function describeAgreement(answers: { name: string; label: string }[]): string {
  const studentsByLabel = new Map<string, string[]>()
  for (const { name, label } of answers)
    studentsByLabel.set(label, [...(studentsByLabel.get(label) ?? []), name])
  const [only] = studentsByLabel.keys()
  if (studentsByLabel.size === 1)
    return `${answers.length === 2 ? 'Both' : `All ${answers.length}`} students say ${only}.`
  const parts = [...studentsByLabel].map(
    ([label, names]) => `${list(names)} ${names.length === 1 ? 'says' : 'say'} ${label}`,
  )
  return `The students disagree: ${parts.join('; ')}.`
}

function list(names: string[]): string {
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : names.join()
}
