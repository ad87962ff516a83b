import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SignedReceipt } from '../../contract/runs/receipt.ts'
import { programArguments } from '../../scripts/start/program.ts'
import { ReceiptKey } from '../../server/access/receipt-key.ts'
import { readReceipt } from '../../server/use-cases/runs/read-receipt.ts'
import { trainNextRun } from '../../workers/jobs/train-run.ts'
import { openTrainingScene, type TrainingScene } from './training-scene.ts'

let scene: TrainingScene
let signed: SignedReceipt
const key = new ReceiptKey('a secret of this test')

beforeAll(async () => {
  scene = await openTrainingScene()
  const runId = await scene.createRun({ architectures: ['convnet-0.25', 'convnet-0.25'] })
  expect(await readReceipt(scene.database, runId)).toBeNull()
  await trainNextRun(scene.context())
  const receipt = await readReceipt(scene.database, runId)
  if (!receipt) throw new Error('the run has no receipt')
  signed = key.sign(receipt)
})
afterAll(() => scene?.close())

/** What the command says of a receipt, and its exit code. */
async function verify(receipt: SignedReceipt, more: string[] = []) {
  const file = path.join(scene.folder, 'receipt.json')
  await writeFile(file, JSON.stringify(receipt))
  const data = ['--data', path.join(scene.folder, 'tiny.zip')]
  const args = [...programArguments('verify'), file, ...data, ...more]
  const done = await promisify(execFile)(process.execPath, args).catch((error) => error)
  return { said: `${done.stdout}${done.stderr}`.trim(), code: done.code ?? 0 }
}

/** With another hash of one tensor after a step. */
function changed(at: number): { receipt: SignedReceipt['receipt']; tensor: string } {
  const receipt = structuredClone(signed.receipt)
  const { tensors } = receipt.weights[at]!
  const tensor = Object.keys(tensors)[1]!
  tensors[tensor] = '0'.repeat(32)
  return { receipt, tensor }
}

describe('a run’s receipt', { timeout: 240_000 }, () => {
  it('has hashes of everything that the run depends on, and of its weights after the first and last steps', () => {
    const { receipt } = signed
    expect(receipt.weights.map(({ step }) => step)).toEqual([1, 4])
    expect(Object.keys(receipt.weights[0]!.tensors)).toEqual(Object.keys(receipt.weights[1]!.tensors))
    expect(receipt.weights[0]!.tensors).not.toEqual(receipt.weights[1]!.tensors)
    expect(receipt.libraries).toMatchObject({ node: process.versions.node })
    expect(receipt).toMatchObject({ seed: 1, engineBuild: 'test', threadsPerOperation: expect.any(Number) })
    expect(JSON.stringify(signed).length).toBeLessThan(20_000)
  })

  it('trains again to the same weights to the bit, and its first steps by themselves', async () => {
    expect(await verify(signed)).toEqual({ said: 'equal to the bit after all 4 steps', code: 0 })
    expect(await verify(signed, ['--steps', '3'])).toEqual({ said: 'equal to the bit up to step 1', code: 0 })
  })

  it('says after which step and in which tensor another training parts from it', async () => {
    const { receipt, tensor } = changed(1)
    const { said, code } = await verify(key.sign(receipt))
    expect(said).toContain(`parted at step 4, first in ${tensor}.`)
    expect(code).toBe(1)
  })

  it('that was changed after it was signed is refused, and so is other data', async () => {
    const { receipt } = changed(0)
    expect(await verify({ ...signed, receipt })).toMatchObject({
      said: expect.stringContaining('changed after it was signed'),
      code: 2,
    })
    const other = structuredClone(signed.receipt)
    other.dataset.sha256 = 'b'.repeat(64)
    expect(await verify(key.sign(other))).toMatchObject({
      said: expect.stringContaining('does not give the images'),
      code: 2,
    })
  })
})
