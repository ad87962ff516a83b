import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Cohort } from '../../../../contract/cohort.ts'
import type { PackedDataset } from '../../../../contract/packed/manifest.ts'
import { BASE_RECIPE } from '../../../../contract/recipes/recipe-presets.ts'
import { canonicalJson } from '../../../../contract/runs/receipt.ts'
import type { TrainingOrder } from '../../../../contract/training.ts'
import { CheckpointStore } from '../../../../workers/engine/checkpoints/checkpoint-store.ts'
import { encodeSafetensors } from '../../../../workers/engine/safetensors.ts'
import { ENGINE_VERSION } from '../../../../workers/engine/version.ts'

/** A run was interrupted before there were forks, class sampling, and more to a teaching than this. */
const students = ['ada', 'ben'].map((name) => ({ name, architecture: 'resnet-8' }))
const teaching = {
  ...{ method: 'MUTUAL', updateRule: 'SEQUENTIAL', partnerRule: 'ALL' },
  ...{ temperature: 1, weight: 1, divergence: 'KL', featureWeight: 0 },
}
const { classSampling: _, ...recipe } = BASE_RECIPE
const dataset = { classes: ['cat', 'dog'] } as PackedDataset
const digest = (content: string | Buffer) => createHash('sha256').update(content).digest('hex')
const parts = {
  ...{ cohort: canonicalJson({ students, teaching }), recipe: canonicalJson(recipe), seed: '1' },
  ...{ threadsPerOperation: '1', dataset: digest(JSON.stringify(dataset)), engineVersion: ENGINE_VERSION },
}

/** The same run as it is ordered now. */
function order(folder: string, changes: object = {}): TrainingOrder {
  return {
    cohort: Cohort.parse({ students, teaching: { ...teaching, ...changes } }),
    ...{ recipe: BASE_RECIPE, seed: 1, threadsPerOperation: 1, dataset },
    ...{ blobPaths: {}, outputFolder: folder, checkpoints: { folder, keep: 1 } },
  }
}

it.each(['with its manifest', 'by the file alone'])('goes on from its checkpoint, found %s', async (how) => {
  const folder = mkdtempSync(join(tmpdir(), 'studyhall-checkpoints-'))
  const metadata = { format: 'studyhall-checkpoint-1', step: '5', testTop1: 'null', ...parts }
  const values = Float32Array.of(1)
  const content = encodeSafetensors({ tensors: [{ name: 'ada/w', shape: [1], values }], metadata })
  const sha256 = digest(content)
  const file = `step-5-${sha256.slice(0, 8)}.safetensors`
  writeFileSync(join(folder, file), content)
  if (how === 'with its manifest') {
    const digests = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, digest(part)]))
    const entry = { file, step: 5, sha256, bytes: content.length, testTop1: null, order: digests }
    const manifest = { format: 'studyhall-checkpoints-1', checkpoints: [entry] }
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest))
  }
  const readNewest = async (wanted: TrainingOrder) => {
    const store = await CheckpointStore.open(wanted, wanted.checkpoints!, () => {})
    return store.readNewest()
  }
  expect(await readNewest(order(folder))).toMatchObject({ step: 5, state: new Map([['ada/w', values]]) })
  expect(await readNewest(order(folder, { pausesLeader: true }))).toBeUndefined()
  rmSync(folder, { recursive: true })
})
