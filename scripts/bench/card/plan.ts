import type { CohortOptions } from '../step/options.ts'

/** How the engine hands steps to TensorFlow, from what it did first to what it does on a card. */
export const VARIANTS = {
  'PLAIN, one step a call': { mode: 'PLAIN', stepsPerCall: 1, picturesOnDevice: false },
  'PLAIN, many steps a call': { mode: 'PLAIN', stepsPerCall: 16, picturesOnDevice: true },
  'COMPILED, many steps a call': { mode: 'COMPILED', stepsPerCall: 16, picturesOnDevice: true },
} as const
export type Variant = keyof typeof VARIANTS

const IMAGES = { classes: 100, batch: 64, size: 32, channels: 3, method: 'MUTUAL' } as const

/** The cohorts that are compared, those first of which most is to be learned in little time. */
export const COHORTS: readonly Pick<CohortOptions, 'students' | 'update' | 'precision'>[] = [
  { students: 'resnet-32,resnet-32', update: 'SIMULTANEOUS', precision: 'FLOAT32' },
  { students: 'resnet-32,resnet-32', update: 'SEQUENTIAL', precision: 'FLOAT32' },
  { students: 'resnet-32,resnet-32', update: 'SIMULTANEOUS', precision: 'BFLOAT16' },
  { students: 'mobilenet,mobilenet', update: 'SEQUENTIAL', precision: 'FLOAT32' },
  { students: Array(8).fill('resnet-32').join(','), update: 'SIMULTANEOUS', precision: 'FLOAT32' },
  { students: 'wrn-28-10,wrn-28-10', update: 'SEQUENTIAL', precision: 'BFLOAT16' },
]

/** What each engine of a cohort measures. */
export function planOf(
  cohort: (typeof COHORTS)[number],
  images: Partial<CohortOptions> = {},
): { variant: Variant; options: CohortOptions }[] {
  return (Object.keys(VARIANTS) as Variant[]).map((variant) => ({
    variant,
    options: { ...IMAGES, ...images, ...cohort, ...VARIANTS[variant] },
  }))
}
