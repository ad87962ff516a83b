import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { readReceipt } from '../../../cli/verify/read-receipt.ts'
import { BASE_RECIPE } from '../../../contract/recipes/recipe-presets.ts'
import { canonicalJson } from '../../../contract/runs/receipt.ts'

const file = path.join(mkdtempSync(path.join(tmpdir(), 'receipt-')), 'receipt.json')
const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const sha256 = 'a'.repeat(64)
const { classSampling: _, ...recipe } = BASE_RECIPE

/** As receipts were before there were class sampling and more to a teaching than this. */
const receipt = {
  format: 'studyhall-receipt-1',
  run: { id: 'run_1', number: 1, finishedAt: '2026-11-27T12:00:00.000Z' },
  dataset: {
    ...{ name: 'Pets', version: 1, height: 8, width: 8, channels: 3, sha256 },
    preparation: { fit: 'COVER', background: '#ffffff' },
  },
  cohort: {
    students: [{ name: 'ada', architecture: 'resnet-8' }],
    teaching: {
      ...{ method: 'INDEPENDENT', updateRule: 'SEQUENTIAL', partnerRule: 'ALL' },
      ...{ temperature: 1, weight: 1, divergence: 'KL', featureWeight: 0 },
    },
  },
  recipe,
  ...{ seed: 1, threadsPerOperation: 1, engineBuild: null, device: 'A processor', libraries: {} },
  weights: [{ step: 1, tensors: { 'ada/w': 'b'.repeat(32) } }],
  evaluationSha256: sha256,
}

function write(content: object): string {
  const signature = {
    algorithm: 'Ed25519',
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64url'),
    value: sign(null, Buffer.from(canonicalJson(receipt)), privateKey).toString('base64url'),
  }
  writeFileSync(file, JSON.stringify({ receipt: content, signature }))
  return file
}

it('a receipt from before a setting was there is still what was signed, and has what was done then', () => {
  const read = readReceipt(write(receipt))
  expect(read.recipe.classSampling).toBe('NATURAL')
  expect(read.cohort.teaching).toMatchObject({ ensembleRule: 'MEAN_POSTERIOR', pausesLeader: false })
})

it('a receipt that was changed after it was signed is refused', () => {
  expect(() => readReceipt(write({ ...receipt, seed: 2 }))).toThrow('changed after it was signed')
})
