import type { TestAnswers } from '../../../contract/runs/test-answers.ts'

/** Notes what every student says to each test image, in the order of the split. */
export class AnswerSheet {
  private readonly labels: number[] = []
  private readonly answers: number[] = []
  private readonly confidences: number[] = []
  private readonly losses: number[] = []

  /** @param posteriors log-posteriors, one per student  @param predicted their classes */
  add(posteriors: readonly Float64Array[], predicted: readonly number[], label: number): void {
    this.labels.push(label)
    for (const [k, posterior] of posteriors.entries()) {
      const answer = predicted[k] ?? 0
      this.answers.push(answer)
      this.confidences.push(Math.exp(posterior[answer] ?? 0))
      this.losses.push(-(posterior[label] ?? 0))
    }
  }

  describe(students: readonly string[]): TestAnswers {
    return {
      students: [...students],
      labels: Int32Array.from(this.labels),
      answers: Int32Array.from(this.answers),
      confidences: Float32Array.from(this.confidences),
      losses: Float32Array.from(this.losses),
    }
  }
}
