/** What a seeded team trains: two runs that succeed, one that fails as people's do, and one to watch. */
export interface SeededRun {
  /** Each run is known by its cohort, which trains nothing else. */
  cohort: string
  dataset: 'labels' | 'identities'
  students: string[]
  recipe: object
  becomes: 'SUCCEEDED' | 'FAILED' | 'RUNNING'
}

/** The smallest there is: a run takes seconds. */
export const ARCHITECTURE = 'convnet-0.25'

const CONSTANT = { kind: 'CONSTANT' }

/** In the order in which they are numbered; the one that goes on comes last, since it keeps its worker. */
export const SEEDED_RUNS = [
  {
    cohort: 'Two who name clothes',
    dataset: 'labels',
    students: ['ada', 'grace'],
    recipe: { epochs: 2, schedule: CONSTANT },
    becomes: 'SUCCEEDED',
  },
  {
    cohort: 'Two who look for others',
    dataset: 'identities',
    students: ['joan', 'mary'],
    recipe: { epochs: 1, schedule: CONSTANT },
    becomes: 'SUCCEEDED',
  },
  {
    cohort: 'Two who learn too fast',
    dataset: 'labels',
    students: ['hasty', 'rash'],
    // Every step takes more from the weights than there is: a loss is soon no number any more.
    recipe: {
      epochs: 1,
      learningRate: 100,
      optimizer: { kind: 'SGD', momentum: 0.9, nesterov: true, weightDecay: 0.1 },
      schedule: CONSTANT,
    },
    becomes: 'FAILED',
  },
  {
    cohort: 'Two who go on',
    dataset: 'labels',
    students: ['edith', 'karen'],
    // Long enough to look at it; no longer, since the worker has other things to do.
    recipe: { epochs: 1000, evaluateEveryEpochs: 5, schedule: CONSTANT },
    becomes: 'RUNNING',
  },
] as const satisfies SeededRun[]
