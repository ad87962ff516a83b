interface Values {
  shape: readonly number[]
  values: Float32Array
}

/** Axis k of the result is axis `axes[k]` of the tensor, as NumPy's transpose has it. */
export function turn(
  { shape, values }: Values,
  axes: readonly number[],
): { shape: number[]; values: Float32Array } {
  const strides = shape.map((_, axis) =>
    shape.slice(axis + 1).reduce((product, length) => product * length, 1),
  )
  const turned = axes.map((axis) => shape[axis] as number)
  const steps = axes.map((axis) => strides[axis] as number)
  const result = new Float32Array(values.length)
  const place = turned.map(() => 0)
  let from = 0
  for (let i = 0; i < result.length; i++) {
    result[i] = values[from] as number
    for (let axis = turned.length - 1; axis >= 0; axis--) {
      place[axis] = (place[axis] as number) + 1
      from += steps[axis] as number
      if ((place[axis] as number) < (turned[axis] as number)) break
      from -= (place[axis] as number) * (steps[axis] as number)
      place[axis] = 0
    }
  }
  return { shape: turned, values: result }
}
