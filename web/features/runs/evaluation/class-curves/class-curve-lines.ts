import type { Line } from '../../../../charts/chart-data.ts'
import { lineStyle, type Scheme } from '../../../../charts/line-style.ts'

export interface ClassCurves {
  steps: readonly number[]
  mean: readonly number[]
  classes: readonly { class: number; recall: readonly number[] }[]
}

export const MEAN_LABEL = 'mean of all classes'

/** The mean, then one line for each class. @param xs  where the steps lie on the axis, if not at themselves */
export function classCurveLines(
  { steps, mean, classes }: ClassCurves,
  names: readonly string[],
  { scheme, xs }: { scheme: Scheme; xs?: readonly number[] },
): Line[] {
  const at = { steps, ...(xs && { xs }) }
  const ofClass = ({ class: index, recall }: ClassCurves['classes'][number], i: number): Line => ({
    ...at,
    label: names[index] ?? `class ${index}`,
    values: recall,
    ...lineStyle(i + 1, scheme),
  })
  return [{ ...at, label: MEAN_LABEL, values: mean, ...lineStyle(0, scheme) }, ...classes.map(ofClass)]
}
