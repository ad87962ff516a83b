import type { Receipt } from '../../../contract/runs/receipt.ts'

const OTHER_WEIGHTS = 'other weights'

/** As a shared page gives it away: what its students began with, a run or a file of the team, is told by its hash alone. */
export function receiptWithoutOrigins(receipt: Receipt): Receipt {
  const students = receipt.cohort.students.map((student) => {
    if (!student.start) return student
    const { modelId: _, ...source } = student.start.source
    return { ...student, start: { ...student.start, source: { ...source, name: OTHER_WEIGHTS } } }
  })
  return { ...receipt, cohort: { ...receipt.cohort, students } as Receipt['cohort'] }
}

/** A model card as a shared page prints it: without the names of other weights, and without the machine's processor. */
export function cardWithoutOrigins(card: string): string {
  return card.split('\n').map(lineWithoutOrigins).join('\n')
}

/** The pipes and dashes in what people name are escaped in a card: these are the card's own words. */
function lineWithoutOrigins(line: string): string {
  const [began, named] = [' began with | ', ', named as ']
  const [start, end] = [line.indexOf(began), line.lastIndexOf(named)]
  if (line.startsWith('| ') && start >= 0 && end > start)
    return `${line.slice(0, start + began.length)}${OTHER_WEIGHTS}${line.slice(end)}`
  const place = line.indexOf(' on ')
  if (line.startsWith('| execution | ') && place >= 0) return `${line.slice(0, place)} |`
  const made = line.indexOf(' It was made out of ')
  if (!line.startsWith('Not stated: ') || made < 0) return line
  return `${line.slice(0, made)} It was made out of ${OTHER_WEIGHTS}, whose licence holds for it as well.`
}
