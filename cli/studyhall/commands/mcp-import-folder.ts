import { realpath } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { CallToolResult, Tool } from '@modelcontextprotocol/sdk/types.js'
import { z } from 'zod'
import type { TeamClient } from '../api/open-team.ts'
import { usageError } from '../outcome.ts'
import { importUpload, uploadSource, waitUntilReady } from './import-dataset.ts'

const LONGEST_WAIT_SECONDS = 50

const Input = z.strictObject({
  path: z.string().min(1).max(4_096).describe('A folder or archive of images on this machine.'),
  name: z.string().min(1).max(80).describe('Of the dataset; where there is one, it gets a new version.'),
  waitSeconds: z
    .int()
    .min(0)
    .max(LONGEST_WAIT_SECONDS)
    .default(LONGEST_WAIT_SECONDS)
    .describe('How long to wait for the import; list_datasets tells of it later.'),
})

/** The one tool that the product cannot have: it reads this machine's disk, in the folders that its person named. */
export class ImportFolder {
  static readonly toolName = 'import_folder'
  readonly #folders: string[]
  readonly #open: () => Promise<TeamClient>
  readonly #signal: AbortSignal

  constructor(folders: string[], open: () => Promise<TeamClient>, signal: AbortSignal) {
    this.#folders = folders
    this.#open = open
    this.#signal = signal
  }

  get definition(): Tool {
    const folders = this.#folders.map((folder) => path.resolve(folder)).join(', ')
    return {
      name: ImportFolder.toolName,
      title: 'Import a folder of images',
      description: `Uploads images of this machine as a dataset, so that students can be trained on them: ${folders}, or what lies in it. The same images are not imported twice.`,
      inputSchema: z.toJSONSchema(Input, { io: 'input' }) as Tool['inputSchema'],
      annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true },
    }
  }

  /** Never fails: what is refused is an answer, too. */
  async call(input: unknown): Promise<CallToolResult> {
    try {
      const parsed = Input.safeParse(input)
      if (!parsed.success) throw usageError(z.prettifyError(parsed.error))
      const imported = await this.#import(parsed.data)
      return { content: [{ type: 'text', text: JSON.stringify(imported) }], structuredContent: imported }
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error)
      return { content: [{ type: 'text', text }], isError: true }
    }
  }

  async #import({ path: source, name, waitSeconds }: z.output<typeof Input>) {
    const allowed = await this.#allowed(source)
    const client = await this.#open()
    const upload = await uploadSource(client, allowed, { onProgress: () => {}, signal: this.#signal })
    const queued = await importUpload(client, upload, { name, newVersion: true })
    const version =
      queued.version.status === 'READY'
        ? queued.version
        : await this.#settled(client, queued.version, waitSeconds)
    const { id, number, status } = version
    return { datasetVersionId: id, number, status, isNew: queued.isNew }
  }

  async #settled<Version extends { id: string }>({ api }: TeamClient, version: Version, seconds: number) {
    const ended = new AbortController()
    const ready = waitUntilReady(api, version.id, () => {}, ended.signal)
    const late = wait(seconds * 1_000, version, { signal: this.#signal, ref: false })
    return Promise.race([ready, late]).finally(() => ended.abort())
  }

  /** @throws CommandError where it lies in no folder that was named; links are followed first */
  async #allowed(source: string): Promise<string> {
    const real = await realpath(source).catch(() => {
      throw usageError(`There is no file or folder ${source}.`)
    })
    for (const folder of this.#folders) {
      const relative = path.relative(await realpath(folder), real)
      if (relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative)) continue
      // As of a folder: what is hidden may be a key.
      if (!relative.split(path.sep).some((part) => part.startsWith('.'))) return real
      throw usageError(`${source} is hidden, and hidden files are not imported.`)
    }
    throw usageError(`${source} lies in no folder that \`studyhall mcp --folder\` was given.`)
  }
}
