import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sizeOfNetwork } from '../../../contract/networks/network-size.ts'
import { insertExperiment } from '../experiment-rows.ts'
import { insertFinishedRun } from '../rows.ts'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'

let server: TestServer
let ada: Person
let mallory: Person
let made: Awaited<ReturnType<typeof insertFinishedRun>>
let other: typeof made

beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp('Ada')
  mallory = await server.signUp('Mallory')
  made = await insertFinishedRun(server.database, server.storage, ada)
  other = await insertFinishedRun(server.database, server.storage, ada)
})
afterAll(() => server.stop())

describe('what models know against what they cost', () => {
  async function tradeOffs(by: string, which: object = {}, person = ada) {
    const query = `query ($id: ID!, $by: TradeOffCost!, $datasetId: ID, $experimentId: ID) { node(id: $id) { ... on Team {
      tradeOffs(by: $by, datasetId: $datasetId, experimentId: $experimentId) { dataset { id } totalCount withoutCost
        points { id kind name network runNumber learnedFrom score cost isOnFrontier } } } } }`
    return (await person.api.ask(query, { id: ada.teamId, by, ...which })).node?.tradeOffs
  }

  it('is told of the newest dataset, and of any other by its id', async () => {
    const newest = await tradeOffs('PARAMETERS')
    expect(newest.dataset.id).toBe(other.datasetId)
    const { dataset, points, totalCount, withoutCost } = await tradeOffs('PARAMETERS', made)
    expect([dataset.id, totalCount, withoutCost]).toEqual([made.datasetId, 2, 0])
    const common = { runNumber: 1, learnedFrom: 'PEERS', cost: 78_000 }
    // As large as the only student that is stored, and better: the student is behind the frontier.
    expect(points).toEqual([
      {
        ...common,
        id: made.ensembleId,
        kind: 'ENSEMBLE',
        name: 'Ensemble',
        network: 'resnet-8',
        score: 0.95,
        isOnFrontier: true,
      },
      {
        ...common,
        id: made.modelId,
        kind: 'STUDENT',
        name: 'ada',
        network: 'resnet-8',
        score: 0.9,
        isOnFrontier: false,
      },
    ])
  })

  it('counts multiply-adds of the network on the images of the run, and bytes of the file', async () => {
    const costs = async (by: string) =>
      (await tradeOffs(by, made)).points.map(({ cost }: { cost: number }) => cost)
    const size = sizeOfNetwork('resnet-8', { height: 28, width: 28, channels: 1 }, 2)
    expect(await costs('MULTIPLY_ADDS')).toEqual([size?.multiplyAdds, size?.multiplyAdds])
    expect(await costs('DOWNLOAD_BYTES')).toEqual([16, 16])
  })

  it('leaves out what has no known cost, and says of how many', async () => {
    await server.database.student.updateMany({
      where: { cohortId: made.cohortId },
      data: { architecture: 'unknown-1' },
    })
    const found = await tradeOffs('MULTIPLY_ADDS', made)
    expect([found.points, found.withoutCost, found.totalCount]).toEqual([[], 2, 2])
    await server.database.student.updateMany({
      where: { cohortId: made.cohortId },
      data: { architecture: 'resnet-8' },
    })
  })

  it('is told of an experiment’s runs alone, and of none to strangers', async () => {
    const experimentId = await insertExperiment(server.database, ada, made)
    const { points } = await tradeOffs('PARAMETERS', { experimentId })
    expect(points.map(({ runNumber }: { runNumber: number }) => runNumber)).toEqual([1, 1])
    expect(await tradeOffs('PARAMETERS', { datasetId: 'ds_nothing' })).toBeNull()
    expect(await tradeOffs('PARAMETERS', {}, mallory)).toBeUndefined()
  })
})
