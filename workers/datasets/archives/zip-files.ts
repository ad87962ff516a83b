import { type FileHandle, open } from 'node:fs/promises'
import { pipeline, type Readable, Transform, type TransformCallback } from 'node:stream'
import { promisify } from 'node:util'
import zlib from 'node:zlib'
import yauzl from 'yauzl'
import { MAX_FILES, NameGatherer, showName } from './file-names.ts'
import type { DatasetFile, FileList, FileSource } from './file-source.ts'
import { InvalidDatasetError } from './invalid-dataset-error.ts'
import { ReadAhead } from './read-ahead.ts'
import { countUnpacked } from './unpacked-bytes.ts'
import { UnreadableFileError } from './unreadable-file-error.ts'
import { readZipNames } from './zip-names.ts'
import { ZipReader } from './zip-reader.ts'

/** What other packers choose, above all Windows for what is large. */
const METHODS: Record<number, string> = {
  9: 'Deflate64',
  12: 'bzip2',
  14: 'LZMA',
  93: 'Zstandard',
  95: 'XZ',
  98: 'PPMd',
  99: 'AES encryption',
}
const STORED = 0
const DEFLATED = 8
const LOCAL_HEADER_BYTES = 30
const LOCAL_SIGNATURE = 0x04034b50
/** Unix file types in the upper half of a zip entry's external attributes. */
const FILE_TYPE_MASK = 0xf000
const REGULAR = 0x8000
const FOLDER = 0x4000

const inflateRaw = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflateRaw)

interface ZipFileEntry extends DatasetFile {
  entry: yauzl.Entry
}

/**
 * The files of a zip. The list is checked as a whole before anything is inflated, and every file is inflated into at most
 * as many bytes as the list says, so that what the archive claims is also the most that it can become.
 * @throws InvalidDatasetError where the archive is unreadable, or something in it could do harm
 */
export async function openZip(location: string): Promise<FileSource> {
  const handle = await open(location)
  let zip: yauzl.ZipFile | undefined
  try {
    const archiveBytes = (await handle.stat()).size
    const ahead = new ReadAhead(archiveBytes, async (start, length) => {
      const bytes = Buffer.allocUnsafe(length)
      const { bytesRead } = await handle.read(bytes, 0, length, start)
      return bytes.subarray(0, bytesRead)
    })
    zip = await openArchive(new ZipReader(location, ahead), archiveBytes)
    const found = await listEntries(zip, archiveBytes)
    refuseOverlaps(found.list, archiveBytes)
    return zipFiles(zip, handle, ahead, found)
  } catch (error) {
    zip?.close()
    await handle.close()
    throw error
  }
}

function zipFiles(
  zip: yauzl.ZipFile,
  handle: FileHandle,
  ahead: ReadAhead,
  found: FileList<ZipFileEntry>,
): FileSource {
  return {
    ...found,
    read: (file) => readEntry(ahead, file as ZipFileEntry),
    stream: (file) => streamEntry(zip, file as ZipFileEntry),
    close: async () => {
      zip.close()
      await handle.close()
    },
  }
}

async function openArchive(reader: ZipReader, archiveBytes: number): Promise<yauzl.ZipFile> {
  try {
    // Names stay bytes and sizes unchecked: yauzl would mend or refuse them in words of its own.
    const options = { autoClose: false, decodeStrings: false, validateEntrySizes: false }
    return await yauzl.fromRandomAccessReaderPromise(reader, archiveBytes, options)
  } catch (error) {
    throw unreadable(error)
  }
}

function unreadable(error: unknown): InvalidDatasetError {
  const why = error instanceof Error ? error.message.replace(/\.$/, '') : String(error)
  return new InvalidDatasetError(
    `This is not a zip, tar or tar.gz archive that can be read (${why}). Where it is a zip, its end is missing: it was cut short when it was made, fetched or split. Pack or fetch it again.`,
    { cause: error },
  )
}

async function listEntries(zip: yauzl.ZipFile, archiveBytes: number): Promise<FileList<ZipFileEntry>> {
  const entries = await gatherEntries(zip, archiveBytes)
  const { names, notes } = readZipNames(entries)
  const gatherer = new NameGatherer<ZipFileEntry>()
  for (const [i, entry] of entries.entries()) {
    const name = names[i] ?? ''
    const path = gatherer.accept(name)
    checkEntry(entry, showName(name))
    if (path !== undefined)
      gatherer.add({ path, byteLength: entry.uncompressedSize, checksum: entry.crc32, entry })
  }
  return { ...gatherer.finish(), notes }
}

async function gatherEntries(zip: yauzl.ZipFile, archiveBytes: number): Promise<yauzl.Entry[]> {
  if (zip.entryCount > MAX_FILES) refuseCount()
  const gathered: yauzl.Entry[] = []
  const count = countUnpacked(archiveBytes)
  const entries = zip.eachEntry()
  for (;;) {
    const next = await entries.next().catch((error) => {
      throw unreadable(error)
    })
    if (next.done) return gathered
    if (gathered.length >= MAX_FILES) refuseCount()
    count(next.value.uncompressedSize)
    gathered.push(next.value)
  }
}

function checkEntry(entry: yauzl.Entry, path: string): void {
  const type = (entry.externalFileAttributes >>> 16) & FILE_TYPE_MASK
  if (type !== 0 && type !== REGULAR && type !== FOLDER)
    throw new InvalidDatasetError(
      `“${path}” is a symbolic link or a device; an archive may hold files and folders only.`,
    )
  if (entry.isEncrypted())
    throw new InvalidDatasetError(`“${path}” is encrypted; pack the archive without a password.`)
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED)
    throw new InvalidDatasetError(
      `“${path}” is compressed by ${METHODS[entry.compressionMethod] ?? 'an unknown method'} (method ${entry.compressionMethod}), which is not read: pack the archive again with Deflate, the usual one.`,
    )
}

function refuseCount(): never {
  throw new InvalidDatasetError(`The archive holds more than ${MAX_FILES.toLocaleString('en')} entries.`)
}

/** Entries that share bytes can make a small archive huge, and no packer writes them. */
function refuseOverlaps(list: readonly ZipFileEntry[], archiveBytes: number): void {
  const byOffset = list
    .map(({ entry, path }) => ({ path, start: entry.relativeOffsetOfLocalHeader, entry }))
    .sort((a, b) => a.start - b.start)
  for (const [i, { path, start, entry }] of byOffset.entries()) {
    const end = start + LOCAL_HEADER_BYTES + entry.fileNameLength + entry.compressedSize
    if (end > (byOffset[i + 1]?.start ?? archiveBytes))
      throw new InvalidDatasetError(`“${path}” overlaps what comes after it in the archive.`)
  }
}

/** Header and bytes in one read; the length of the local header's extra field is not in the list, but seldom over this. */
const USUAL_EXTRA_BYTES = 64

async function readEntry(ahead: ReadAhead, file: ZipFileEntry): Promise<Buffer> {
  const { entry } = file
  const packed = await readPacked(ahead, entry)
  const bytes = entry.compressionMethod === STORED ? packed : await inflate(packed, file)
  if (bytes.length !== entry.uncompressedSize)
    throw new UnreadableFileError('its size is not what the archive says')
  // Node 20.15 brought crc32; before, a flipped bit is left for the image's decoder to notice.
  if (zlib.crc32 && zlib.crc32(bytes) !== entry.crc32)
    throw new UnreadableFileError('its checksum in the archive is wrong')
  return bytes
}

async function readPacked(ahead: ReadAhead, entry: yauzl.Entry): Promise<Buffer> {
  const { relativeOffsetOfLocalHeader: start, compressedSize, fileNameLength } = entry
  const guess = LOCAL_HEADER_BYTES + fileNameLength + USUAL_EXTRA_BYTES + compressedSize
  let bytes = await ahead.read(start, guess)
  if (bytes.length < LOCAL_HEADER_BYTES || bytes.readUInt32LE(0) !== LOCAL_SIGNATURE)
    throw new UnreadableFileError('it is damaged in the archive (no header where the list says)')
  const dataStart = LOCAL_HEADER_BYTES + bytes.readUInt16LE(26) + bytes.readUInt16LE(28)
  if (dataStart + compressedSize > guess) bytes = await ahead.read(start, dataStart + compressedSize)
  const packed = bytes.subarray(dataStart, dataStart + compressedSize)
  if (packed.length !== compressedSize) throw new UnreadableFileError('the archive ends before it does')
  return packed
}

/** Inflated into at most as many bytes as the list says: yauzl ends the stream with an error where they are others. */
async function streamEntry(zip: yauzl.ZipFile, file: ZipFileEntry): Promise<Readable> {
  const bytes = await zip.openReadStreamPromise(file.entry).catch((error) => {
    throw new UnreadableFileError(`it is damaged in the archive (${error.message})`)
  })
  const exact = new ExactLength(file)
  bytes.on('error', (error: NodeJS.ErrnoException) => exact.destroy(isOfZlib(error) ? damaged() : error))
  // Whoever reads the stream hears of what fails.
  return pipeline(bytes, exact, () => {})
}

/** Passes bytes on, and fails where they are more or fewer than the list of the archive says. */
class ExactLength extends Transform {
  readonly #file: ZipFileEntry
  #passed = 0

  constructor(file: ZipFileEntry) {
    super()
    this.#file = file
  }

  override _transform(chunk: Buffer, _: BufferEncoding, callback: TransformCallback): void {
    this.#passed += chunk.length
    const { path, byteLength } = this.#file
    if (this.#passed <= byteLength) callback(null, chunk)
    else callback(new InvalidDatasetError(`“${path}” unpacks to more bytes than the archive says.`))
  }

  override _flush(callback: TransformCallback): void {
    const isWhole = this.#passed === this.#file.byteLength
    callback(isWhole ? null : new UnreadableFileError('its size is not what the archive says'))
  }
}

async function inflate(packed: Buffer, file: ZipFileEntry): Promise<Buffer> {
  try {
    return await inflateRaw(packed, { maxOutputLength: Math.max(1, file.byteLength) })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw new InvalidDatasetError(`“${file.path}” unpacks to more bytes than the archive says.`)
    throw damaged()
  }
}

function isOfZlib({ code }: NodeJS.ErrnoException): boolean {
  return code?.startsWith('Z_') ?? false
}

function damaged(): UnreadableFileError {
  return new UnreadableFileError('it is damaged in the archive')
}
