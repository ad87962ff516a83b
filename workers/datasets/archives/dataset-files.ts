import { open, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { isHidden } from './file-names.ts'
import type { DatasetFile, FileLeftOut, FileSource } from './file-source.ts'
import { openFolder } from './folder-files.ts'
import { gunzip } from './gunzip.ts'
import { InvalidDatasetError } from './invalid-dataset-error.ts'
import { openNestedTars } from './nested-tars.ts'
import { ReadAhead } from './read-ahead.ts'
import { refuseNoZip, refuseOtherKinds } from './refuse-other-kinds.ts'
import { Spool } from './spool.ts'
import { openTar } from './tar-files.ts'
import { countUnpacked } from './unpacked-bytes.ts'
import { openZip } from './zip-files.ts'

interface EmbeddedFile extends DatasetFile {
  /** In the spool of all. */
  start: number
}

/** The files of a dataset, wherever they lie. */
export class DatasetFiles {
  readonly #source: FileSource
  readonly #scratch: string | undefined
  #byPath: ReadonlyMap<string, DatasetFile> | undefined
  readonly #spools = new Map<string, Promise<Spool>>()
  readonly #embedded = new Map<string, EmbeddedFile>()
  #embeddedSpool: Spool | undefined
  #embeddedAhead: ReadAhead | undefined
  /** Sorted by path. */
  readonly list: readonly DatasetFile[]
  /** Those that are named themselves or by what is hidden in them, without a slash at the end. */
  readonly folders: readonly string[]
  /** Files that are passed over for what they are called or where they lie, each alone. */
  readonly leftOut: readonly FileLeftOut[]
  readonly notes: readonly string[]

  constructor(source: FileSource, scratch?: string) {
    this.#source = source
    this.#scratch = scratch
    this.list = source.list.filter(({ path }) => !isHidden(path))
    this.notes = source.notes ?? []
    const hidden = source.list.filter(({ path }) => isHidden(path))
    // A `.gitkeep` names the folder that it keeps.
    const kept = hidden.map(({ path }) => path.slice(0, path.lastIndexOf('/'))).filter((path) => path !== '')
    this.folders = [...new Set([...source.folders, ...kept])].filter((path) => !isHidden(path))
    const reason = 'it is hidden, or lies in a hidden folder: a name in its path begins with a dot'
    this.leftOut = [...source.leftOut, ...hidden.map(({ path }) => ({ path, reason }))]
  }

  /** The file of that path, also where it was found in another one. */
  find(path: string): DatasetFile | undefined {
    this.#byPath ??= new Map(this.list.map((file) => [file.path, file]))
    return this.#byPath.get(path) ?? this.#embedded.get(path)
  }

  read(file: DatasetFile): Promise<Buffer> {
    const embedded = this.#embedded.get(file.path)
    if (!embedded) return this.#source.read(file)
    if (!this.#embeddedAhead) throw new Error(`${file.path} is read before all of its kind were found`)
    return this.#embeddedAhead.read(embedded.start, embedded.byteLength)
  }

  /** Keeps what was found in a file as a file of its own, which `find` knows and `list` does not. */
  async embed(path: string, bytes: Uint8Array): Promise<void> {
    this.#embeddedSpool ??= await Spool.open(this.#scratch)
    const start = this.#embeddedSpool.byteLength
    await this.#embeddedSpool.append(bytes)
    this.#embedded.set(path, { path, byteLength: bytes.length, start })
  }

  /** To be called once between embedding and reading. */
  async finishEmbedding(): Promise<void> {
    const spool = this.#embeddedSpool
    if (!spool) return
    await spool.flush()
    this.#embeddedAhead = new ReadAhead(spool.byteLength, (start, length) => spool.read(start, length))
  }

  stream(file: DatasetFile): Promise<Readable> {
    return this.#source.stream(file)
  }

  /** The file's bytes on disk, for readers that seek, until the files are closed; unpacked where its name ends in `.gz`. */
  spool(file: DatasetFile): Promise<Spool> {
    const known = this.#spools.get(file.path)
    if (known) return known
    const made = this.#unpack(file)
    this.#spools.set(file.path, made)
    return made
  }

  /** The same of bytes that were worked out from a file. */
  async spoolBytes(path: string, bytes: Uint8Array): Promise<Spool> {
    const known = this.#spools.get(`${path}#`)
    if (known) return known
    const made = Spool.open(this.#scratch).then(async (spool) => {
      await spool.append(bytes)
      await spool.flush()
      return spool
    })
    this.#spools.set(`${path}#`, made)
    return made
  }

  async close(): Promise<void> {
    const spools = await Promise.allSettled(this.#spools.values())
    for (const spool of spools) if (spool.status === 'fulfilled') await spool.value.close()
    await this.#embeddedSpool?.close()
    await this.#source.close()
  }

  async #unpack(file: DatasetFile): Promise<Spool> {
    const spool = await Spool.open(this.#scratch)
    const isPacked = file.path.endsWith('.gz')
    const count = countUnpacked(isPacked ? file.byteLength : Number.POSITIVE_INFINITY)
    try {
      const bytes = await this.stream(file)
      for await (const chunk of (isPacked ? gunzip(bytes) : bytes) as AsyncIterable<Buffer>) {
        count(chunk.length)
        await spool.append(chunk)
      }
      await spool.flush()
      return spool
    } catch (error) {
      await spool.close()
      const isOurs = error instanceof InvalidDatasetError || isOfSystem(error)
      if (isOurs) throw error
      throw new InvalidDatasetError(`“${file.path}” is damaged: it cannot be unpacked.`, { cause: error })
    }
  }
}

/**
 * Opens a zip, a tar, a tar.gz or a folder and checks all of its names and sizes.
 * @param scratch  folder for what must be unpacked to be read; the system's where left out
 * @throws InvalidDatasetError where there is nothing, or something that could do harm
 */
export async function openDatasetFiles(location: string, scratch?: string): Promise<DatasetFiles> {
  const found = await stat(location).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    throw new InvalidDatasetError(`There is nothing at ${location}.`)
  })
  const outer = found.isDirectory() ? await openFolder(location) : await openArchive(location, scratch)
  const source = await openNestedTars(outer, scratch).catch(async (error) => {
    await outer.close()
    throw error
  })
  const files = new DatasetFiles(source, scratch)
  if (files.list.length > 0) return files
  await source.close()
  const whole = found.isDirectory() ? 'folder' : 'archive'
  const [first] = files.leftOut
  throw new InvalidDatasetError(
    first
      ? `Nothing in the ${whole} can be used. The first: ${first.path}: ${first.reason}.`
      : `The ${whole} is empty.`,
  )
}

async function openArchive(location: string, scratch: string | undefined): Promise<FileSource> {
  const head = await readHead(location)
  if (head[0] === 0x1f && head[1] === 0x8b) return openTar(location, { gzip: true, scratch })
  if (isTar(head)) return openTar(location, { gzip: false, scratch })
  refuseOtherKinds(head)
  return openZip(location).catch((error) => {
    if (error instanceof InvalidDatasetError) refuseNoZip(head)
    throw error
  })
}

/** By its magic word, or, of the oldest kind, which has none, by the checksum of its first header. */
function isTar(head: Buffer): boolean {
  if (head.toString('latin1', 257, 262) === 'ustar') return true
  const told = Number.parseInt(head.toString('latin1', 148, 156).replaceAll('\0', ' ').trim(), 8)
  const sum = head.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0)
  return head.length === 512 && head[0] !== 0 && told === sum
}

async function readHead(location: string): Promise<Buffer> {
  const handle = await open(location)
  try {
    const head = Buffer.alloc(512)
    const { bytesRead } = await handle.read(head, 0, head.length, 0)
    return head.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** A full disk, too many open files: no fault of the archive. */
function isOfSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}
