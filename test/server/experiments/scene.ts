import { afterAll, beforeAll } from 'vitest'
import { evaluationOf } from '../../experiments/records.ts'
import { insertVersion, moveRun } from '../rows.ts'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'

const students = ['resnet-8', { name: 'grace', architecture: 'convnet' }]
export const TWO_ARMS = {
  title: 'Does teaching each other help?',
  recipe: { preset: 'quick', overrides: { epochs: 2, batchSize: 32 } },
  conditions: [{ name: 'clean' }, { name: 'noisy', overrides: { labelNoise: 0.4 } }],
  arms: [
    { name: 'alone', students, teaching: { method: 'INDEPENDENT' } },
    { name: 'mutual', students, teaching: { method: 'MUTUAL' } },
  ],
  seeds: [1, 2],
}
export const ONE_CONDITION = { ...TWO_ARMS, conditions: [{ name: 'clean' }] }

export const FIELDS = `experiment {
  id number title seeds conditions looks canceledAt decidedAt
  progress { status runs succeeded failed canceled running remainingSeconds }
  trials { condition arm seed run { id number status seed experiment { number } threadsPerOperation cohort { id name } } }
}`

export interface Trial {
  condition: string
  arm: string
  seed: number
  run: { id: string; number: number; status: string }
}

/** A server with Ada's team and a version of 300 images, before and after the tests of the file that asks for it. */
export function openExperimentScene() {
  let server: TestServer
  let ada: Person
  let datasetVersionId: string
  beforeAll(async () => {
    server = await startTestServer()
    ada = await server.signUp()
    datasetVersionId = (await insertVersion(server.database, ada)).versionId
  })
  afterAll(() => server.stop())
  return {
    get server() {
      return server
    },
    get ada() {
      return ada
    },
    get datasetVersionId() {
      return datasetVersionId
    },
    start: (experiment: object = TWO_ARMS, more: object = {}) =>
      ada.api.mutate('startExperiment', { datasetVersionId, experiment, ...more }, `${FIELDS} warnings`),
    async read(id: string, fields: string) {
      const query = `query ($id: ID!) { node(id: $id) { ... on Experiment { ${fields} } } }`
      return (await ada.api.ask(query, { id })).node
    },
    /** Ends a trial's run with these accuracies, as a worker would. */
    async finish({ run }: Trial, top1: number[]): Promise<void> {
      const cohort = { students: ['student-1', 'grace'].map((name) => ({ name, architecture: 'resnet-8' })) }
      await moveRun(server.database, run.id, ['STARTING', 'RUNNING'])
      const evaluation = evaluationOf(cohort as never, top1)
      const ended = { finishedAt: new Date(), leaseUntil: null, startedAt: new Date(Date.now() - 10_000) }
      await server.database.run.update({
        where: { id: run.id },
        data: { status: 'SUCCEEDED', evaluation, ...ended },
      })
    },
  }
}
