import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import * as tf from '@tensorflow/tfjs'
import { unzipSync, zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeAgreement, rankClasses } from '../../web/features/try/answers/describe-answers.ts'
import { fetchModel } from '../../web/features/try/networks/fetch-model.ts'
import { buildNetwork, readModel } from '../../web/features/try/networks/read-model.ts'
import { meanPosterior, measureLatency, runNetwork } from '../../web/features/try/networks/run-network.ts'

const PROGRAM = fileURLToPath(new URL('../workers/engine/train-for-the-browser.ts', import.meta.url))
const STUDENTS = ['ada-resnet-8-tfjs.zip', 'ben-resnet-14-tfjs.zip']
const ENSEMBLE = 'ensemble-tfjs.zip'

let pixels: Uint8ClampedArray
const zips = new Map<string, Uint8Array>()
/** What the engine says of the pixels, by the model's file name. */
const expected = new Map<string, Float32Array>()

beforeAll(async () => {
  const report = join(mkdtempSync(join(tmpdir(), 'studyhall-try-')), 'report.json')
  await promisify(execFile)(process.execPath, ['--import', 'tsx', PROGRAM, report])
  const trained = JSON.parse(readFileSync(report, 'utf8'))
  pixels = Uint8ClampedArray.from(trained.pixels)
  for (const { fileName, path, posterior } of trained.models) {
    zips.set(fileName, new Uint8Array(readFileSync(path)))
    expected.set(fileName, Float32Array.from(posterior))
  }
  await tf.setBackend('cpu')
}, 120_000)

/** What a model says by the pages' own code, with everything given back afterwards. */
async function ask(fileName: string): Promise<Float32Array> {
  const file = readModel(zips.get(fileName)!)
  const network = await buildNetwork(tf, file)
  try {
    return await runNetwork(tf, network, file, pixels)
  } finally {
    network.dispose()
  }
}

const largestDifference = (a: Float32Array, b: Float32Array) =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i]!)))

describe('a student in the browser', () => {
  it.each([...STUDENTS, ENSEMBLE])('%s says without any library what the engine says', async (fileName) => {
    const plain = await ask(fileName)
    expect(plain.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5)
    expect(largestDifference(plain, expected.get(fileName)!)).toBeLessThan(1e-5)
  })

  it('and its peers give, as their mean, what the ensemble’s own model gives', async () => {
    const answers = [await ask(STUDENTS[0]!), await ask(STUDENTS[1]!)]
    expect(largestDifference(answers[0]!, answers[1]!)).toBeGreaterThan(1e-3)
    expect(largestDifference(meanPosterior(answers), await ask(ENSEMBLE))).toBeLessThan(1e-6)
  })

  it('leaves no memory behind', async () => {
    const { numTensors, numBytes } = tf.memory()
    await ask(STUDENTS[0]!)
    expect(tf.memory()).toMatchObject({ numTensors, numBytes })
  })

  it('is measured by ten runs after two, each waited for', async () => {
    let runs = 0
    const run = () => new Promise((resolve) => setTimeout(resolve, ++runs <= 2 ? 60 : 5))
    const latency = await measureLatency(run, new AbortController().signal)
    expect({ runs, counted: latency.runs }).toEqual({ runs: 12, counted: 10 })
    expect(latency.medianMs).toBeGreaterThan(4)
    expect(latency.medianMs).toBeLessThan(50)
    await expect(measureLatency(run, AbortSignal.abort(new Error('left')))).rejects.toThrow('left')
  })
})

describe('a model’s zip', () => {
  const rezip = (change: (files: Record<string, Uint8Array>) => void) => {
    const files = unzipSync(zips.get(STUDENTS[0]!)!)
    change(files)
    return zipSync(files)
  }

  it.each([
    ['cannot be read', () => new Uint8Array([1, 2, 3])],
    ['no model.json', () => rezip((files) => delete files['model.json'])],
    [
      'not as expected',
      () => rezip((files) => Object.assign(files, { 'model.json': Buffer.from('{"weightsManifest":[]}') })),
    ],
    ['A file with weights is missing', () => rezip((files) => delete files['weights-1-of-1.bin'])],
  ])('is refused where %s', (words, make) => {
    expect(() => readModel(make())).toThrow(words)
  })
})

describe('a model’s file', () => {
  const content = Buffer.from('a model, as far as bytes go')
  const answers: Record<string, { status?: number; body: Buffer | string }> = {
    '/right': { body: content },
    '/other': { body: Buffer.alloc(content.length, 1) },
    '/short': { body: content.subarray(1) },
    '/long': { body: Buffer.concat([content, content]) },
    '/expired': { status: 403, body: '{"code":"FORBIDDEN","message":"The link has expired."}' },
    '/gone': { status: 502, body: 'Bad gateway' },
  }
  const artifact = {
    sha256: createHash('sha256').update(content).digest('hex'),
    byteLength: content.length,
  }
  let server: Server
  beforeAll(async () => {
    server = createServer(({ url }, response) => {
      const { status = 200, body } = answers[url ?? '']!
      response.writeHead(status).end(body)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  afterAll(() => void server.close())

  const load = (path: string, onReceived = (_: number) => {}) => {
    const { port } = server.address() as AddressInfo
    const sign = async () => `http://127.0.0.1:${port}${path}`
    return fetchModel(artifact, sign, new AbortController().signal, onReceived)
  }

  it('arrives whole, and tells how far it is', async () => {
    let received = 0
    const { bytes, kept } = await load('/right', (now) => {
      received = now
    })
    expect({ bytes: Buffer.from(bytes), kept, received }).toEqual({
      bytes: content,
      kept: false,
      received: content.length,
    })
  })

  it.each([
    ['/other', 'does not match the model’s SHA-256'],
    ['/short', 'was interrupted'],
    ['/long', 'larger than the model'],
    ['/expired', 'The link has expired.'],
    ['/gone', 'The server answered 502.'],
  ])('%s is refused: %s', async (path, words) => {
    await expect(load(path)).rejects.toThrow(words)
  })
})

describe('what is told of answers', () => {
  it('ranks the likeliest first, of equal ones the first class', () => {
    const ranked = rankClasses(Float32Array.of(0.25, 0, 0.5, 0.25), ['a', 'b', 'c', 'd'], 3)
    expect(ranked).toEqual([
      { label: 'c', share: 0.5 },
      { label: 'a', share: 0.25 },
      { label: 'd', share: 0.25 },
    ])
  })

  it.each([
    ['Both students say cat.', ['cat', 'cat']],
    ['All 3 students say cat.', ['cat', 'cat', 'cat']],
    ['The students disagree: ada and mary say cat; grace says dog.', ['cat', 'dog', 'cat']],
  ])('%s', (words, labels) => {
    const names = ['ada', 'grace', 'mary']
    expect(describeAgreement(labels.map((label, i) => ({ name: names[i]!, label })))).toBe(words)
  })
})
