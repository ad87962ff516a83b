import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { RetrievalEvaluation } from '../../../contract/evaluation.ts'
import { PackedDataset } from '../../../contract/packed/manifest.ts'
import { RetrievalQueries } from '../../../contract/retrieval-queries.ts'
import { eventsOfType, smallOrder, trainToTheEnd } from './small-run.ts'
import { storeSyntheticDataset } from './synthetic-dataset.ts'

/** The synthetic images with their classes as identities: each is a query and, from another camera, in the gallery. */
function retrievalOrder() {
  const { dataset, blobPaths } = storeSyntheticDataset()
  const { train, test } = dataset.splits
  const store = (numbers: number[]) => {
    const content = Buffer.from(Int32Array.from(numbers).buffer)
    const sha256 = createHash('sha256').update(content).digest('hex')
    blobPaths[sha256] = join(dirname(blobPaths[test.labelsSha256]!), sha256)
    writeFileSync(blobPaths[sha256], content)
    return sha256
  }
  const { count, shards } = test
  const split = (camera: number, firstIdentity: number) => ({
    ...{ count, shards },
    identitiesSha256: store(Array.from({ length: count }, (_, i) => (i === 0 ? firstIdentity : 1 + (i % 4)))),
    camerasSha256: store(new Array(count).fill(camera)),
  })
  // The first query is of an identity that the gallery has not; its image there is a distractor.
  const splits = { train, query: split(1, 99), gallery: split(2, 0) }
  const retrieval = PackedDataset.parse({ ...dataset, kind: 'RETRIEVAL', splits })
  return { ...smallOrder({ students: { ada: 'resnet-8', ben: 'resnet-8' } }), dataset: retrieval, blobPaths }
}

it('a run on identities is examined by the protocol, while it learns and at its end, and leaves its rankings', async () => {
  const order = retrievalOrder()
  const { outcome, events, points } = await trainToTheEnd(order)
  expect(eventsOfType(events, 'failed')).toEqual([])
  expect(outcome).toBe('finished')
  const [told] = eventsOfType(events, 'retrieval').map(({ evaluation }) =>
    RetrievalEvaluation.parse(evaluation),
  )
  expect(told).toMatchObject({ queryCount: 21, galleryCount: 21, queriesWithoutMatch: 1 })
  // Every query's own image is in the gallery, at distance 0: the first right one is always first.
  expect(told!.students.map(({ cmc }) => cmc[0])).toEqual([1, 1])
  expect(told!.ensemble.cmc[0]).toBe(1)

  const last = points.filter(({ name, step }) => name === 'testMap' && step === 10)
  expect(last.map(({ value }) => value)).toEqual(
    told!.students.map((student) => student.meanAveragePrecision),
  )

  const file = join(order.outputFolder, 'retrieval-queries.json')
  const rankings = RetrievalQueries.parse(JSON.parse(readFileSync(file, 'utf8')))
  expect(rankings.students.map(({ name, queries }) => [name, queries.length])).toEqual([
    ['ada', 21],
    ['ben', 21],
  ])
  expect(rankings.ensemble[0]).toMatchObject({ averagePrecision: null, firstRight: null })
  expect(rankings.ensemble[5]).toMatchObject({ firstRight: 1, gallery: expect.arrayContaining([5]) })
  expect(rankings.gallery.identities.slice(0, 3)).toEqual([0, 2, 3])
}, 120_000)
