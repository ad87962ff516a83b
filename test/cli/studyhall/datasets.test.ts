import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTeamByKey } from '../../../cli/studyhall/api/open-team.ts'
import { sendUpload } from '../../../cli/studyhall/files/send-upload.ts'
import { describeTransfer } from '../../../cli/studyhall/files/transfer-progress.ts'
import { UploadMemory } from '../../../cli/studyhall/files/upload-memory.ts'
import { notifyDatasetVersion } from '../../../runs/notifications.ts'
import { makeKey } from '../../server/make-key.ts'
import { MANIFEST, REPORT } from '../../server/rows.ts'
import { type Person, startTestServer, type TestServer } from '../../server/test-server.ts'
import { insertWeights, WEIGHTS_INSPECTION } from '../../server/weights-rows.ts'
import { openTerminal, type Terminal } from './run-studyhall.ts'

const MIB = 1024 ** 2

let server: TestServer
let ada: Person
let terminal: Terminal
let folder: string
beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
  terminal = await openTerminal(server, ada)
  folder = path.join(terminal.home, 'pets')
  await mkdir(path.join(folder, 'train/cat'), { recursive: true })
  await writeFile(path.join(folder, 'train/cat/0.png'), randomBytes(1000))
  await writeFile(path.join(folder, '.DS_Store'), 'x')
})
afterAll(async () => {
  await terminal.close()
  await server.stop()
})

describe('studyhall upload', () => {
  it('sends a folder as a zip, the same bytes every time, and not a second time', async () => {
    const first = await terminal.studyhall(['upload', folder, '--json'])
    expect(first).toMatchObject({ code: 0, stderr: expect.stringContaining('uploading') })
    const upload = JSON.parse(first.stdout)
    expect(upload).toMatchObject({ fileName: 'pets.zip', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })
    const second = await terminal.studyhall(['upload', folder, '--json'])
    expect([JSON.parse(second.stdout).id, second.stderr]).toEqual([upload.id, ''])
  })

  it('goes on with a file that was cut off', async () => {
    const client = await openTeamByKey(server.url, terminal.env.STUDYHALL_KEY!)
    const file = path.join(terminal.home, 'large.zip')
    await writeFile(file, randomBytes(17 * MIB))
    const memory = new UploadMemory(terminal.env)
    const interruption = new AbortController()
    const onProgress = (sent: number) => sent > 9 * MIB && interruption.abort(new Error('interrupted'))
    const cut = sendUpload(client, file, { memory, onProgress, signal: interruption.signal })
    await expect(cut).rejects.toThrow('interrupted')
    const progress: number[] = []
    const upload = await sendUpload(client, file, { memory, onProgress: (sent) => progress.push(sent) })
    expect(progress[0]).toBeGreaterThanOrEqual(8 * MIB)
    expect(upload).toMatchObject({ byteLength: 17 * MIB, sha256: expect.any(String) })
    expect(await server.database.upload.count({ where: { fileName: 'large.zip' } })).toBe(1)
  })

  it('tells how much, how fast, and how long still', () => {
    expect(describeTransfer(MIB, 4 * MIB, 0)).toBe('1.0 of 4.0 MiB, 25 %')
    expect(describeTransfer(MIB, 4 * MIB, MIB / 50)).toBe('1.0 of 4.0 MiB, 25 %, 0.0 MiB/s, 2 min 30 s left')
  })
})

describe('studyhall dataset', () => {
  it('imports a folder, waits until it is ready, and does not import the same files twice', async () => {
    const argv = ['dataset', 'import', folder, '--name', 'pets', '--new-version', '--wait', '--json']
    const importing = terminal.studyhall(argv)
    await expect.poll(() => server.database.datasetVersion.count()).toBe(1)
    await makeReady()
    const first = await importing
    expect([first.code, JSON.parse(first.stdout)]).toMatchObject([
      0,
      { number: 1, status: 'READY', isNew: true },
    ])
    const again = await terminal.studyhall(argv)
    expect(JSON.parse(again.stdout)).toMatchObject({ number: 1, isNew: false })
    await writeFile(path.join(folder, 'train/cat/1.png'), randomBytes(1000))
    const { stdout } = await terminal.studyhall(argv.filter((option) => option !== '--wait'))
    expect(JSON.parse(stdout)).toMatchObject({ number: 2, status: 'PENDING', isNew: true })
  })

  it('lists them, and shows one’s versions', async () => {
    expect((await terminal.studyhall(['dataset', 'list'])).stdout).toMatch(/pets +classification +2 pending/)
    const { stdout } = await terminal.studyhall(['dataset', 'show', 'pets'])
    expect(stdout).toMatch(/1 +dsv_\w+ +ready +28x28x1 +2 +train 300, test 40/)
  })

  it('refuses a name that is taken, unless a new version is wanted', async () => {
    const { code, stderr } = await terminal.studyhall(['dataset', 'import', folder, '--name', 'pets'])
    expect([code, stderr]).toEqual([2, expect.stringContaining('pets')])
  })

  it('ends with 1 and the reason where the import fails', async () => {
    const importing = terminal.studyhall(['dataset', 'import', folder, '--name', 'more', '--wait'])
    await expect.poll(() => server.database.dataset.count({ where: { name: 'more' } })).toBe(1)
    await change({ status: 'FAILED', failure: 'There are no images.' })
    const { code, stderr } = await importing
    expect([code, stderr]).toEqual([1, expect.stringContaining('The import failed: There are no images.')])
  })
})

const makeReady = () => change({ status: 'READY', manifest: MANIFEST, report: REPORT, readyAt: new Date() })

/** Does to the newest version what a worker would. */
async function change(data: object): Promise<void> {
  const { id } = await server.database.datasetVersion.findFirstOrThrow({ orderBy: { createdAt: 'desc' } })
  await server.database.$transaction(async (tx) => {
    await tx.datasetVersion.update({ where: { id }, data })
    await notifyDatasetVersion(tx, id)
  })
}

describe('studyhall mcp --folder', () => {
  /** The SDK's own client, as an agent has it. */
  async function connect(key: string, args: string[]) {
    const client = new Client({ name: 'test', version: '1' })
    const command = ['--import', 'tsx', 'cli/studyhall.ts', 'mcp', ...args]
    const env = { ...terminal.env, PATH: process.env.PATH ?? '', STUDYHALL_KEY: key }
    await client.connect(new StdioClientTransport({ command: process.execPath, args: command, env }))
    const call = async (input: object) => {
      const answer = await client.callTool({ name: 'import_folder', arguments: { ...input } })
      const [{ text }] = answer.content as [{ text: string }]
      return answer.isError ? { refused: text } : answer.structuredContent
    }
    return { client, call }
  }

  it('lets an agent import that folder, and none beside it, as far as its key goes', async () => {
    const agent = await connect(terminal.env.STUDYHALL_KEY!, ['--folder', folder])
    const { tools } = await agent.client.listTools()
    expect(tools.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['start_experiment', 'import_folder']),
    )
    const wanted = { path: folder, name: 'by an agent', waitSeconds: 0 }
    const imported = await agent.call(wanted)
    expect(imported).toMatchObject({ number: 1, status: 'PENDING', isNew: true })
    expect(await agent.call(wanted)).toEqual({ ...(imported as object), isNew: false })
    const { structuredContent } = await agent.client.callTool({ name: 'list_datasets' })
    expect(JSON.stringify(structuredContent)).toContain('by an agent')
    for (const outside of [terminal.home, path.join(folder, '..', 'large.zip')])
      expect(await agent.call({ ...wanted, path: outside })).toMatchObject({
        refused: expect.stringContaining('lies in no folder'),
      })
    expect(await agent.call({ ...wanted, path: path.join(folder, '.DS_Store') })).toMatchObject({
      refused: expect.stringContaining('is hidden'),
    })
    expect(await agent.call({ ...wanted, path: path.join(folder, 'nowhere') })).toMatchObject({
      refused: expect.stringContaining('There is no file or folder'),
    })
    expect(await agent.call({ ...wanted, waitSeconds: 51 })).toMatchObject({
      refused: expect.stringContaining('waitSeconds'),
    })
    await agent.client.close()
    const reader = await connect(await makeKey(ada, ['READ']), ['--folder', folder])
    expect(await reader.call({ ...wanted, name: 'read only' })).toMatchObject({
      refused: expect.stringContaining('lacks the scope UPLOAD'),
    })
    await reader.client.close()
  })
})

describe('studyhall weights', () => {
  it('sends a file, waits for what a worker says of it, lists and deletes it', async () => {
    const file = path.join(terminal.home, 'resnet.pth')
    await writeFile(file, randomBytes(1000))
    const add = [
      'weights',
      'add',
      file,
      '--name',
      'Published',
      '--licence',
      'MIT',
      '--source',
      'a page',
      '--wait',
    ]
    const adding = terminal.studyhall([...add, '--json'])
    await expect.poll(() => server.database.givenWeights.count()).toBe(1)
    const read = { status: 'READY', inspection: WEIGHTS_INSPECTION } as const
    await server.database.givenWeights.updateMany({ data: read })
    const { code, stdout } = await adding
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      { name: 'Published', licence: 'MIT', origin: 'a page', fits: [{ architecture: 'resnet-8' }, {}] },
    ])
    expect((await terminal.studyhall(['weights', 'list'])).stdout).toMatch(
      /Published +ready +resnet-8 \(40 of 40 tensors\) +MIT/,
    )
    // A page of newer ones lies before it.
    const row = await server.database.givenWeights.findFirstOrThrow()
    for (let i = 0; i < 100; i++) await insertWeights(server.database, ada, row)
    expect((await terminal.studyhall(['weights', 'delete', 'Published'])).stdout).toBe('deleted Published\n')
    expect((await terminal.studyhall(['weights', 'delete', 'Published'])).stderr).toContain(
      'no weights “Published”',
    )
    await server.database.givenWeights.deleteMany()
  })

  it('ends with why a worker refused it', async () => {
    const file = path.join(terminal.home, 'broken.pth')
    await writeFile(file, randomBytes(1000))
    const adding = terminal.studyhall(['weights', 'add', file, '--name', 'Broken', '--wait'])
    await expect.poll(() => server.database.givenWeights.count()).toBe(1)
    await server.database.givenWeights.updateMany({ data: { status: 'REFUSED', refusal: 'It is damaged.' } })
    const { code, stderr } = await adding
    expect([code, stderr]).toEqual([1, expect.stringContaining('It is damaged.')])
  })
})
