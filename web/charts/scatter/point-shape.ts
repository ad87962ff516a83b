export type PointShape = 'CIRCLE' | 'SQUARE' | 'TRIANGLE'

/** As an SVG path around the origin; all look about as large. */
export function outlineOf(shape: PointShape): string {
  if (shape === 'SQUARE') return 'M-4.5 -4.5 h9 v9 h-9 Z'
  if (shape === 'TRIANGLE') return 'M0 -6 L5.6 4.2 H-5.6 Z'
  return 'M-5.2 0 a5.2 5.2 0 1 0 10.4 0 a5.2 5.2 0 1 0 -10.4 0 Z'
}
