interface Curve {
  steps: readonly number[]
  values: readonly number[]
}

/** Curves as SVG paths that fill a frame, on one scale; empty for a curve with fewer than two points. */
export function previewPaths(
  lines: readonly Curve[],
  { width, height }: { width: number; height: number },
): string[] {
  const values = lines.flatMap((line) => line.values.filter(Number.isFinite))
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const last = Math.max(1, ...lines.flatMap(({ steps }) => steps.slice(-1)))
  const margin = 6
  const y = (value: number) =>
    high > low ? height - margin - ((value - low) / (high - low)) * (height - 2 * margin) : height / 2
  return lines.map(({ steps, values: own }) =>
    steps.length < 2
      ? ''
      : steps
          .flatMap((step, i) => {
            const value = own[i]
            return value === undefined || !Number.isFinite(value) ? [] : [{ step, value }]
          })
          .map(
            ({ step, value }, i) =>
              `${i === 0 ? 'M' : 'L'} ${((step / last) * width).toFixed(1)} ${y(value).toFixed(1)}`,
          )
          .join(' '),
  )
}
