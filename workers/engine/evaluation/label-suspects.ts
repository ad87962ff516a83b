/** Training images whose label no student predicts: either they are hard, or the label is wrong. */
import { type LabelSuspect, type LabelSuspects, MAX_SUSPECTS } from '../../../contract/label-suspects.ts'
import type { PicturePrediction } from './predictions.ts'
import { argMax, logPosterior } from './scores.ts'

/** Collects suspects from the students' predictions, one training image at a time. */
export class SuspectSearch {
  private readonly labels: Int32Array
  private examined = 0
  private wrongCount = 0
  /** In the order defined by contract/label-suspects.ts, limited to MAX_SUSPECTS. */
  private readonly suspects: { least: number; suspect: LabelSuspect }[] = []

  /** @param labels the training split's original labels, without label noise */
  constructor(labels: Int32Array) {
    this.labels = labels
  }

  /** Images must be added in the order of the split. */
  add({ index, logits }: Pick<PicturePrediction, 'index' | 'logits'>): void {
    this.examined++
    const label = this.labels[index] as number
    const answers = logits.map(argMax)
    if (answers.includes(label)) return
    this.wrongCount++
    const posteriors = logits.map(logPosterior)
    const losses = posteriors.map((own) => -(own[label] as number))
    const least = Math.min(...losses)
    // Inserted after equally suspicious images, which have lower indices.
    const behind = this.suspects.findIndex((other) => other.least < least)
    const place = behind < 0 ? this.suspects.length : behind
    if (place >= MAX_SUSPECTS) return
    const instead = majorityOf(answers, posteriors)
    this.suspects.splice(place, 0, { least, suspect: { index, label, losses, answers, instead } })
    if (this.suspects.length > MAX_SUSPECTS) this.suspects.pop()
  }

  describe(students: readonly string[]): LabelSuspects {
    return {
      format: 'studyhall-label-suspects-1',
      examined: this.examined,
      wrongCount: this.wrongCount,
      students: [...students],
      suspects: this.suspects.map(({ suspect }) => suspect),
    }
  }
}

/** @param posteriors log-posteriors, one per student */
function majorityOf(answers: readonly number[], posteriors: readonly Float64Array[]): number {
  const votes = (answer: number) => answers.filter((other) => other === answer).length
  const belief = (answer: number) => posteriors.reduce((sum, own) => sum + Math.exp(own[answer] as number), 0)
  return answers.reduce((best, answer) => {
    const more = votes(answer) - votes(best)
    return more > 0 || (more === 0 && belief(answer) > belief(best)) ? answer : best
  })
}
