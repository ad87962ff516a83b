import { createHash, randomBytes } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../contract/ids.ts'
import { insertFinishedRun } from '../../server/rows.ts'
import { type Person, startTestServer, type TestServer } from '../../server/test-server.ts'
import { type CuttingProxy, openCuttingProxy } from './cutting-proxy.ts'
import { openTerminal, type Terminal } from './run-studyhall.ts'

const BYTES = randomBytes(3_000_000)
const SHA256 = createHash('sha256').update(BYTES).digest('hex')

let server: TestServer
let proxy: CuttingProxy
let ada: Person
let terminal: Terminal
let run: Awaited<ReturnType<typeof insertFinishedRun>>
beforeAll(async () => {
  server = await startTestServer()
  proxy = await openCuttingProxy(server.url)
  ada = await server.signUp()
  terminal = await openTerminal(server, ada, proxy.url)
  run = await insertFinishedRun(server.database, server.storage, ada, BYTES)
})
afterAll(async () => {
  await terminal.close()
  await proxy.close()
  await server.stop()
})

const download = (model: string, out: string, ...more: string[]) =>
  terminal.studyhall(['model', 'download', model, '--out', path.join(terminal.home, out), ...more])

/** Vitest would compare three million numbers one by one. */
const isWhole = async (file: string) => (await readFile(file)).equals(BYTES)

describe('studyhall model', () => {
  it('lists trained students and ensembles', async () => {
    const { stdout } = await terminal.studyhall(['model', 'list'])
    expect(stdout).toMatch(/mod_\w+ +1\/ada .* 78000 +90.0 %/)
    expect(stdout).toMatch(/ens_\w+ +1\/ensemble .* 95.0 %/)
  })

  it('downloads by run and student, by id, and by alias', async () => {
    await ada.api.mutate('setModelAlias', { id: run.modelId, name: 'production' })
    for (const [k, model] of ['1/ada', 'latest/ensemble', run.modelId, '@production'].entries()) {
      const { code, stdout } = await download(model, `by-${k}`)
      expect(code).toBe(0)
      expect(await isWhole(stdout.trim())).toBe(true)
    }
  })

  it('goes on where it was cut off, by the rest alone', async () => {
    proxy.cutAfterBytes(1_000_000)
    const { code, stdout } = await download('1/ada', 'cut').finally(() => proxy.cutAfterBytes(0))
    expect(code).toBe(0)
    expect(await isWhole(stdout.trim())).toBe(true)
    const offsets = [...proxy.sent().matchAll(/range: bytes=(\d+)-/g)].map(([, offset]) => Number(offset))
    expect(offsets.length).toBeGreaterThanOrEqual(2)
    expect(offsets[0]).toBeGreaterThan(0)
    expect(offsets).toEqual([...offsets].sort((a, b) => a - b))
  })

  it('keeps no file whose hash is another', async () => {
    await download('1/ada', 'damaged')
    const folder = path.join(terminal.home, 'damaged')
    const file = path.join(folder, 'ada.zip')
    // The first half of another file lies where the first half of this one should.
    await writeFile(`${file}.${SHA256.slice(0, 12)}.part`, Buffer.alloc(1_500_000))
    await writeFile(file, 'somebody wrote over it')
    const { code, stderr } = await download('1/ada', 'damaged')
    expect([code, stderr]).toEqual([1, expect.stringContaining('Download it again')])
    expect(await readdir(folder)).toEqual(['ada.zip'])
    expect(await download('1/ada', 'damaged')).toMatchObject({ code: 0 })
    expect(await isWhole(file)).toBe(true)
  })

  it('waits for a format that has to be exported first, and says why it cannot be', async () => {
    const { teamId } = ada
    const file = {
      teamId,
      modelId: run.modelId,
      format: 'SAFETENSORS',
      fileName: 'a',
      sha256: SHA256,
    } as const
    await server.database.artifact.create({ data: { id: newId('Artifact'), byteLength: 1n, ...file } })
    const waiting = download('1/ada', 'onnx', '--format', 'onnx')
    await expect.poll(() => proxy.sent().includes('query ExportById')).toBe(true)
    await server.database.export.update({
      where: { id: run.exportId },
      data: { status: 'FAILED', failure: 'The disk is full.', finishedAt: new Date() },
    })
    const { code, stderr } = await waiting
    expect([code, stderr]).toEqual([1, expect.stringContaining('The export failed: The disk is full.')])
    expect(await download('1/ada', 'onnx', '--format', 'doc')).toMatchObject({ code: 2 })
    expect(await download('1/zoe', 'onnx')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('ada, ensemble'),
    })
  })
})
