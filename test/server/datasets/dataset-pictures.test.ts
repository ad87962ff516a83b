import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DatasetOverview } from '../../../contract/dataset-overview.ts'
import { newId } from '../../../contract/ids.ts'
import type { PackedDataset } from '../../../contract/packed/manifest.ts'
import { insertVersion, MANIFEST } from '../rows.ts'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'

let server: TestServer
let ada: Person
beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
  await insertVersion(server.database, ada)
})
afterAll(() => server.stop())

describe('what can be seen in a version', () => {
  const LABELS = [1, 0, 1, 0, 0]
  const SHEET = Buffer.from('a sheet')
  let versionId: string
  const put = async (bytes: Buffer) => (await server.storage.put(Readable.from([bytes]))).sha256

  beforeAll(async () => {
    const bytes = Buffer.alloc(4 * LABELS.length)
    for (const [i, label] of LABELS.entries()) bytes.writeInt32LE(label, 4 * i)
    const overview = DatasetOverview.parse({
      format: 'studyhall-overview-1',
      tilePixels: 28,
      sheets: { train: [await put(SHEET)], test: [] },
      meanSha256: await put(Buffer.from('a mean')),
      exact: {
        count: 1,
        leakedCount: 0,
        groups: [[0, 2].map((index) => ({ split: 'train', index }))],
      },
      near: { count: 0, leakedCount: 0, groups: [] },
      notes: [],
    })
    const train = { ...MANIFEST.splits.train, count: 5, classCounts: [3, 2], labelsSha256: await put(bytes) }
    const manifest = { ...MANIFEST, splits: { ...MANIFEST.splits, train } } as PackedDataset
    const before = await insertVersion(server.database, ada, 'PENDING')
    versionId = before.versionId
    await server.database.datasetVersion.update({
      where: { id: versionId },
      data: {
        status: 'READY',
        manifest,
        report: (await server.database.datasetVersion.findFirstOrThrow({ where: { status: 'READY' } }))
          .report!,
        readyAt: new Date(),
        overviewSha256: await put(Buffer.from(JSON.stringify(overview))),
      },
    })
  })

  const pictures = async (wanted: string, indices: number[] = []) => {
    const query = `query ($id: ID!${wanted.includes('$indices') ? ', $indices: [Int!]' : ''}) { node(id: $id) { ... on DatasetVersion { pictures(${wanted}) { totalCount nodes { index class sheet tile } } } } }`
    return (await ada.api.ask(query, { id: versionId, indices })).node.pictures
  }

  it('are images by class, any part of them, and those alike', async () => {
    const all = await pictures('split: "train"')
    expect(all.totalCount).toBe(5)
    expect(all.nodes.map(({ index }: { index: number }) => index)).toEqual([1, 3, 4, 0, 2])
    expect(all.nodes[3]).toEqual({ index: 0, class: 1, sheet: 0, tile: 3 })
    const part = await pictures('split: "train", class: 0, offset: 1, first: 1')
    expect(part).toEqual({ totalCount: 3, nodes: [{ index: 3, class: 0, sheet: 0, tile: 1 }] })
    const alike = await pictures('split: "train", duplicates: true')
    expect(alike.nodes.map(({ index }: { index: number }) => index)).toEqual([0, 2])
  })

  it('are those that are named alone, at most a thousand', async () => {
    const named = await pictures('split: "train", indices: [4, 0, 77]')
    expect(named.nodes.map(({ index }: { index: number }) => index)).toEqual([4, 0])
    expect(named.totalCount).toBe(2)
    await expect(pictures('split: "train", indices: $indices', Array(1_001).fill(0))).rejects.toThrow(
      /indices are 1001; at most 1000/,
    )
  })

  it('is refused by name where it is asked for what is not there', async () => {
    const query =
      'query ($id: ID!) { node(id: $id) { ... on DatasetVersion { pictures(split: "val") { totalCount } } } }'
    const { errors } = await ada.api.send(query, { id: versionId })
    expect(errors?.[0]?.message).toMatch(/no split “val”; there are train, test/)
  })

  it('are sheets that are served once, to members alone', async () => {
    const url = `${server.url}/thumbnails/${versionId}/sheets/train/0`
    const response = await fetch(url, { headers: ada.api.headers })
    expect(response.status).toBe(200)
    expect(Buffer.from(await response.arrayBuffer())).toEqual(SHEET)
    const etag = `"${createHash('sha256').update(SHEET).digest('hex')}"`
    expect(response.headers.get('etag')).toBe(etag)
    expect(response.headers.get('content-type')).toBe('image/jpeg')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('cache-control')).toMatch(/private.*immutable/)
    const again = await fetch(url, { headers: { ...ada.api.headers, 'if-none-match': etag } })
    expect(again.status).toBe(304)
    const stranger = await server.signUp('Mallory')
    const asked = [
      [url, stranger.api.headers],
      [url, {}],
      [`${server.url}/thumbnails/${newId('DatasetVersion')}/sheets/train/0`, ada.api.headers],
      [`${server.url}/thumbnails/${versionId}/sheets/train/1`, ada.api.headers],
      [`${server.url}/thumbnails/${versionId}/sheets/__proto__/0`, ada.api.headers],
      [`${server.url}/thumbnails/${versionId}/sheets/train/%2e%2e`, ada.api.headers],
    ] as const
    for (const [address, headers] of asked) expect((await fetch(address, { headers })).status).toBe(404)
    expect(await readFile(await server.storage.fetchLocal(etag.slice(1, -1)))).toEqual(SHEET)
  })
})

describe('a version of 100,000 images', () => {
  const COUNT = 100_000
  const CLASSES = 100
  let versionId: string
  beforeAll(async () => {
    versionId = (await insertVersion(server.database, ada, 'PENDING')).versionId
    const labels = Buffer.from(Int32Array.from({ length: COUNT }, (_, i) => (i * 7) % CLASSES).buffer)
    const { sha256: labelsSha256 } = await server.storage.put(Readable.from([labels]))
    const classCounts = Array(CLASSES).fill(COUNT / CLASSES)
    const train = { ...MANIFEST.splits.train, count: COUNT, classCounts, labelsSha256 }
    const classes = classCounts.map((_, label) => `class ${label}`)
    const manifest = { ...MANIFEST, classes, splits: { ...MANIFEST.splits, train } } as PackedDataset
    const data = { status: 'READY', manifest, report: {}, readyAt: new Date() } as const
    await server.database.datasetVersion.update({ where: { id: versionId }, data })
  })

  const PAGE = `query ($id: ID!, $offset: Int) { node(id: $id) { ... on DatasetVersion {
    pictures(split: "train", offset: $offset, first: 200) { totalCount nodes { index class sheet tile url } } } } }`
  const ask = async (offset: number) => (await ada.api.ask(PAGE, { id: versionId, offset })).node.pictures

  it('is listed to its end', async () => {
    const { totalCount, nodes } = await ask(COUNT - 200)
    expect([totalCount, nodes.length]).toEqual([COUNT, 200])
    expect(nodes.at(-1)).toMatchObject({
      class: CLASSES - 1,
      sheet: Math.floor((COUNT - 1) / 256),
      tile: (COUNT - 1) % 256,
      url: expect.stringMatching(new RegExp(`^http://.*/pictures/${versionId}/train/${nodes.at(-1).index}$`)),
    })
  })

  it('gives its last page as quickly as its first', async () => {
    await ask(0)
    const [first, last]: [number[], number[]] = [[], []]
    for (let i = 0; i < 9; i++) {
      first.push(await timed(() => ask(0)))
      last.push(await timed(() => ask(COUNT - 200)))
    }
    // Where every page counted from the start, or sorted anew, the last one would take many times as long.
    expect(Math.min(...last)).toBeLessThan(2.5 * Math.min(...first) + 5)
    expect(Math.min(...last)).toBeLessThan(100)
  })
})

async function timed(act: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now()
  await act()
  return performance.now() - startedMs
}
