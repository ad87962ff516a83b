import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { Parser, type ReadEntry } from 'tar'
import { MAX_FILES, NameGatherer } from './file-names.ts'
import type { DatasetFile, FileList, FileSource } from './file-source.ts'
import { gunzip } from './gunzip.ts'
import { InvalidDatasetError } from './invalid-dataset-error.ts'
import { ReadAhead } from './read-ahead.ts'
import { Spool } from './spool.ts'
import { countUnpacked } from './unpacked-bytes.ts'

const FILE_TYPES = ['File', 'OldFile', 'ContiguousFile']
const READ_BYTES = 1024 * 1024

export interface TarFile extends DatasetFile {
  /** In the spool. */
  start: number
}

/**
 * The files of a tar, packed by gzip or not. It has no list: it is gone through once, every entry is checked as it comes,
 * and the files' bytes, counted as they are, go into a spool that can be read in any order.
 * @throws InvalidDatasetError where the archive is unreadable, or something in it could do harm
 */
export async function openTar(
  location: string,
  { gzip, scratch }: { gzip: boolean; scratch: string | undefined },
): Promise<FileSource> {
  const spool = await Spool.open(scratch)
  try {
    return tarFiles(spool, await unpack(location, gzip, spool))
  } catch (error) {
    await spool.close()
    throw error
  }
}

/** The files that a spool holds. */
export function tarFiles(spool: Spool, found: FileList<TarFile>): FileSource {
  const ahead = new ReadAhead(spool.byteLength, (start, length) => spool.read(start, length))
  return {
    ...found,
    read: (file) => ahead.read((file as TarFile).start, file.byteLength),
    stream: async (file) => Readable.from(inPieces(spool, file as TarFile)),
    close: () => spool.close(),
  }
}

async function* inPieces(spool: Spool, { start, byteLength }: TarFile): AsyncGenerator<Buffer> {
  for (let done = 0; done < byteLength; done += READ_BYTES)
    yield await spool.read(start + done, Math.min(READ_BYTES, byteLength - done))
}

async function unpack(location: string, gzip: boolean, spool: Spool): Promise<FileList<TarFile>> {
  const names = new NameGatherer<TarFile>()
  const packedBytes = gzip ? (await stat(location)).size : undefined
  const bytes = createReadStream(location, { highWaterMark: READ_BYTES / 4 })
  await spoolTar(gzip ? gunzip(bytes) : bytes, { names, spool, packedBytes })
  await spool.flush()
  return names.finish()
}

interface Unpacking {
  names: NameGatherer<TarFile>
  spool: Spool
  /** Where its files are to lie; at the root where left out. */
  folder?: string
  /** Of what was packed by gzip. */
  packedBytes?: number | undefined
}

/** Appends a tar's files to a spool, and their names to the others. @throws InvalidDatasetError as openTar */
export async function spoolTar(
  bytes: Readable,
  { names, spool, folder, packedBytes }: Unpacking,
): Promise<void> {
  const count = countUnpacked(packedBytes ?? Number.POSITIVE_INFINITY)
  const reader = new TarReader(names, { folder, start: spool.byteLength })
  try {
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      count(chunk.length)
      for (const part of reader.parse(chunk)) await spool.append(part)
    }
    for (const part of reader.finish()) await spool.append(part)
  } catch (error) {
    throw error instanceof InvalidDatasetError ? error : unreadable(error, packedBytes !== undefined)
  }
}

/** Goes through a tar's bytes as they come; the parser works at once, so that what it found is there after every chunk. */
class TarReader {
  readonly #names: NameGatherer<TarFile>
  readonly #above: string
  readonly #parser = new Parser({ strict: true, brotli: false, zstd: false })
  #found: Buffer[] = []
  /** Of the spool, before what is to come. */
  #foundBytes: number
  #begun = false
  #error: unknown

  constructor(
    names: NameGatherer<TarFile>,
    { folder, start }: { folder: string | undefined; start: number },
  ) {
    this.#names = names
    this.#above = folder === undefined ? '' : `${folder}/`
    this.#foundBytes = start
    this.#parser.on('entry', (entry: ReadEntry) => this.#attempt(() => this.#begin(entry)))
    this.#parser.on('ignoredEntry', (entry: ReadEntry) => this.#attempt(() => refuseType(entry)))
    this.#parser.on('error', (error: unknown) => {
      this.#error ??= error
    })
  }

  /** @returns bytes of files, in the order in which they were found */
  parse(chunk: Buffer): Buffer[] {
    // The parser would unpack once more what looks packed at its beginning.
    if (!this.#begun && chunk[0] === 0x1f && chunk[1] === 0x8b)
      throw new InvalidDatasetError('The archive was packed twice; pack it once.')
    this.#begun = true
    this.#parser.write(chunk)
    return this.#take()
  }

  finish(): Buffer[] {
    this.#parser.end()
    return this.#take()
  }

  #take(): Buffer[] {
    if (this.#error !== undefined) throw this.#error
    const found = this.#found
    this.#found = []
    return found
  }

  #begin(entry: ReadEntry): void {
    const isFile = FILE_TYPES.includes(entry.type)
    const path = this.#names.accept(`${this.#above}${isFile ? entry.path : `${entry.path}/`}`)
    refuseType(entry)
    const isKept = isFile && path !== undefined
    if (isKept) {
      this.#names.add({ path, byteLength: entry.size, start: this.#foundBytes })
      if (this.#names.count > MAX_FILES)
        throw new InvalidDatasetError(`The archive holds more than ${MAX_FILES.toLocaleString('en')} files.`)
    }
    entry.on('data', (bytes: Buffer) => {
      if (!isKept) return
      this.#found.push(bytes)
      this.#foundBytes += bytes.length
    })
  }

  /** What is thrown inside the parser's events is kept for the caller, and what follows is only passed over. */
  #attempt(work: () => void): void {
    try {
      if (this.#error === undefined) work()
    } catch (error) {
      this.#error = error
    }
  }
}

function refuseType({ type, path, meta }: ReadEntry): void {
  if (FILE_TYPES.includes(type) || type === 'Directory') return
  const shown = JSON.stringify(path.slice(0, 80))
  if (meta) throw new InvalidDatasetError(`The header of ${shown} is larger than any name needs.`)
  throw new InvalidDatasetError(
    `${shown} is a link, a device or a sparse file (${type}); an archive may hold files and folders only.`,
  )
}

function unreadable(error: unknown, gzip: boolean): InvalidDatasetError {
  const why = error instanceof Error ? error.message.replace(/^TAR_\w+: /, '') : String(error)
  const alone = gzip ? ' Where it is a single file that gzip packed, it is no archive: unpack it.' : ''
  return new InvalidDatasetError(`This is not a tar archive that can be read (${why}).${alone}`, {
    cause: error,
  })
}
