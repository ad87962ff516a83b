/**
 * Colours with a contrast of at least 3:1, ordered so that neighbours are distinguishable for colour-blind
 * people.
 */
const colours = {
  light: ['#4f55d3', '#c2410c', '#0b7a75', '#b4236a', '#8a6100', '#1971c2', '#7a3db8', '#2b7a3e'],
  dark: ['#8f95ff', '#ff9351', '#3fc9bf', '#ff85b3', '#e0b93f', '#66b8ff', '#c9a1ff', '#72d98b'],
} as const

/** Dash patterns, so that lines can be told apart without colour. */
const dashes: number[][] = [[], [9, 5], [3, 4], [12, 4, 3, 4], [6, 3], [2, 6], [16, 5], [8, 3, 2, 3, 2, 3]]

export type Scheme = keyof typeof colours

export interface LineStyle {
  colour: string
  dash: number[]
}

/** The style of the line at an index; the ninth repeats the first one's colour with another dash. */
export function lineStyle(index: number, scheme: Scheme): LineStyle {
  const palette = colours[scheme]
  const round = Math.floor(index / palette.length)
  return {
    colour: palette[index % palette.length] as string,
    dash: dashes[(index + round) % dashes.length] as number[],
  }
}

export const chartColours = {
  light: { text: '#5f5f69', grid: '#ececef', axis: '#cfcfd6' },
  dark: { text: '#a3a3ad', grid: '#232329', axis: '#3a3a42' },
} as const
