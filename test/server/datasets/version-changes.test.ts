import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { notifyDatasetVersion } from '../../../runs/notifications.ts'
import { insertVersion } from '../rows.ts'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'

let server: TestServer
let ada: Person
beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
})
afterAll(() => server.stop())

describe('datasetVersionChanged', () => {
  it('tells the version now and whenever it moves, until it is READY', async () => {
    const { versionId } = await insertVersion(server.database, ada, 'PENDING')
    const ready = await insertVersion(server.database, ada)
    const { manifest, report } = await server.database.datasetVersion.findUniqueOrThrow({
      where: { id: ready.versionId },
    })
    const change = (data: object) =>
      server.database.$transaction(async (tx) => {
        await tx.datasetVersion.update({ where: { id: versionId }, data })
        await notifyDatasetVersion(tx, versionId)
      })
    const steps = [
      () => change({ status: 'IMPORTING', picturesSeen: 10, picturesTotal: 340 }),
      () => change({ status: 'READY', manifest, report, readyAt: new Date() }),
    ]
    const query = `subscription ($id: ID!) { datasetVersionChanged(id: $id) { status progress { picturesSeen picturesTotal }
      height classes splits { name count classCounts } report { pictures } } }`
    const seen = []
    for await (const { data } of ada.api.listen(query, { id: versionId })) {
      seen.push(data.datasetVersionChanged)
      await steps.shift()?.()
    }
    expect(seen).toMatchObject([
      { status: 'PENDING', progress: null, height: null, classes: [] },
      { status: 'IMPORTING', progress: { picturesSeen: 10, picturesTotal: 340 } },
      {
        status: 'READY',
        height: 28,
        classes: ['cat', 'dog'],
        splits: [
          { name: 'train', count: 300, classCounts: [150, 150] },
          { name: 'test', count: 40, classCounts: [20, 20] },
        ],
        report: { pictures: 340 },
      },
    ])
  })
})
