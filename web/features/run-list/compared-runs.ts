/** As many runs as one page compares. */
export const MAX_COMPARED_RUNS = 8

/** Numbers of runs in a URL, the first of which is the baseline; each once. */
export function readComparedRuns(text: string | null): number[] {
  const numbers = (text ?? '').split(',').filter((part) => /^\d{1,9}$/.test(part))
  return [...new Set(numbers.map(Number))].slice(0, MAX_COMPARED_RUNS)
}
