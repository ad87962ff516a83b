import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openLog } from '../../../logging/open-log.ts'
import { readZipEntry } from '../../../storage/read-zip-entry.ts'
import { type RunningWorker, startWorker } from '../../../workers/worker.ts'
import { type Person, startTestServer, type TestServer } from '../../server/test-server.ts'
import { twoClasses, writeZip } from '../datasets/pictures.ts'
import { createReadyVersion, createRun } from '../rows.ts'
import { waitUntil } from '../wait-until.ts'
import { workerConfig } from '../worker-config.ts'

/** A server and a worker, and a model that somebody's run made of a tiny dataset: for other runs to begin with. */
export class TrainedModelScene {
  readonly server: TestServer
  readonly ada: Person
  /** `tiny.zip` in it is the dataset. */
  readonly folder: string
  readonly versionId: string
  readonly #worker: RunningWorker

  private constructor(
    parts: Pick<TrainedModelScene, 'server' | 'ada' | 'folder' | 'versionId'>,
    worker: RunningWorker,
  ) {
    this.server = parts.server
    this.ada = parts.ada
    this.folder = parts.folder
    this.versionId = parts.versionId
    this.#worker = worker
  }

  static async open(): Promise<{ scene: TrainedModelScene; modelId: string }> {
    const server = await startTestServer()
    const ada = await server.signUp()
    const folder = await mkdtemp(path.join(tmpdir(), 'trained-model-'))
    const archive = await writeZip(path.join(folder, 'tiny.zip'), await twoClasses(32))
    const versionId = await createReadyVersion(server.database, ada, server.storage, archive)
    const config = workerConfig(server.databaseUrl, folder, server.config.storage)
    const worker = await startWorker(config, openLog('worker', 'silent'))
    const scene = new TrainedModelScene({ server, ada, folder, versionId }, worker)
    const architectures = ['convnet-0.25']
    const teaching = { method: 'INDEPENDENT' } as const
    const runId = await createRun(server.database, ada, versionId, { architectures, teaching })
    await scene.waitForEnd(runId)
    const { id: modelId } = await server.database.model.findFirstOrThrow({ where: { runId } })
    return { scene, modelId }
  }

  async close(): Promise<void> {
    await this.#worker.close()
    await this.server.stop()
    await rm(this.folder, { recursive: true, force: true })
  }

  waitForEnd(runId: string) {
    return waitUntil(
      'the run has ended',
      () => this.server.database.run.findFirst({ where: { id: runId, finishedAt: { not: null } } }),
      60_000,
    )
  }

  /** Of a model's safetensors file. */
  async entryOf(modelId: string, name: string): Promise<Buffer> {
    const { sha256 } = await this.server.database.artifact.findFirstOrThrow({
      where: { modelId, format: 'SAFETENSORS' },
    })
    return (await readZipEntry(await this.server.storage.fetchLocal(sha256), name, 1e9))!
  }

  async weightsOf(modelId: string): Promise<Buffer> {
    return behindHeader(await this.entryOf(modelId, 'model.safetensors'))
  }
}

/** The header tells what the model's own run measured. */
export function behindHeader(content: Buffer): Buffer {
  return content.subarray(8 + Number(content.readBigUInt64LE()))
}
