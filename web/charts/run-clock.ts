/** When steps of a run were reached, in seconds that workers had held it by then. */
export interface RunClock {
  /** Ascending. */
  steps: readonly number[]
  /** One for each step. */
  seconds: readonly number[]
}

/** A report appended; steps that it comes back to, after an interruption, are taken off. */
export function withReport(clock: RunClock, step: number, seconds: number): RunClock {
  const kept = clock.steps.findLastIndex((one) => one < step) + 1
  if (clock.steps[kept] === step)
    return { steps: clock.steps.slice(0, kept + 1), seconds: clock.seconds.slice(0, kept + 1) }
  return { steps: [...clock.steps.slice(0, kept), step], seconds: [...clock.seconds.slice(0, kept), seconds] }
}

/** The seconds of some ascending steps: between two reports evenly, beyond the first and last one theirs. */
export function secondsAt({ steps, seconds }: RunClock, wanted: readonly number[]): number[] {
  let next = 0
  return wanted.map((step) => {
    while (next < steps.length && (steps[next] ?? 0) < step) next++
    const [before, after] = [steps[next - 1], steps[next]]
    const [from, to] = [seconds[next - 1], seconds[next]]
    if (after === undefined || to === undefined) return from ?? 0
    if (before === undefined || from === undefined) return to
    return from + ((step - before) / (after - before)) * (to - from)
  })
}
