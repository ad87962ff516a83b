import { type FileHandle, open } from 'node:fs/promises'
import { promisify } from 'node:util'
import zlib from 'node:zlib'
import yauzl from 'yauzl'
import type { DatasetFile, DatasetFiles } from './dataset-files.ts'
import { checkPath, isLitter, MAX_FILES, refuseTwins, sortByPath } from './file-names.ts'
import { RefusedDataset } from './refused-dataset.ts'
import { UnreadableFile } from './unreadable-file.ts'

const MIB = 1024 * 1024
/** Below this an archive may be as full of zeros as it likes. */
const RATIO_FREE_BYTES = MIB
const MAX_RATIO = 100
const MAX_INFLATED_BYTES = 2048 * MIB

const STORED = 0
const DEFLATED = 8
const LOCAL_HEADER_BYTES = 30
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
 * @throws RefusedDataset where the archive is unreadable, or something in it could do harm
 */
export async function openZip(location: string): Promise<DatasetFiles> {
  const handle = await open(location)
  let zip: yauzl.ZipFile | undefined
  try {
    const archiveBytes = (await handle.stat()).size
    zip = await openArchive(location)
    const list = await listEntries(zip, archiveBytes)
    refuseOverlaps(list, archiveBytes)
    refuseTwins(sortByPath(list))
    return zipFiles(zip, handle, list)
  } catch (error) {
    zip?.close()
    await handle.close()
    throw error
  }
}

function zipFiles(zip: yauzl.ZipFile, handle: FileHandle, list: readonly ZipFileEntry[]): DatasetFiles {
  return {
    list,
    read: (file) => readEntry(zip, handle, file as ZipFileEntry),
    close: async () => {
      zip.close()
      await handle.close()
    },
  }
}

async function openArchive(location: string): Promise<yauzl.ZipFile> {
  try {
    // Names stay bytes and sizes unchecked: yauzl would mend or refuse them in words of its own.
    const options = { autoClose: false, decodeStrings: false, validateEntrySizes: false }
    return await yauzl.openPromise(location, options)
  } catch (error) {
    throw unreadable(error)
  }
}

function unreadable(error: unknown): RefusedDataset {
  const why = error instanceof Error ? error.message : String(error)
  return new RefusedDataset(`This is not a zip archive that can be read (${why}).`, { cause: error })
}

async function listEntries(zip: yauzl.ZipFile, archiveBytes: number): Promise<ZipFileEntry[]> {
  if (zip.entryCount > MAX_FILES) refuseCount()
  const list: ZipFileEntry[] = []
  let inflatedBytes = 0
  const entries = zip.eachEntry()
  for (;;) {
    const next = await entries.next().catch((error) => {
      throw unreadable(error)
    })
    if (next.done) return list
    const file = checkEntry(next.value)
    if (list.length >= MAX_FILES) refuseCount()
    inflatedBytes += file.byteLength
    refuseBomb(inflatedBytes, archiveBytes)
    if (!file.path.endsWith('/') && !isLitter(file.path)) list.push(file)
  }
}

function checkEntry(entry: yauzl.Entry): ZipFileEntry {
  const path = checkPath(
    yauzl.getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true),
  )
  const type = (entry.externalFileAttributes >>> 16) & FILE_TYPE_MASK
  if (type !== 0 && type !== REGULAR && type !== FOLDER)
    throw new RefusedDataset(
      `“${path}” is a symbolic link or a device; an archive may hold files and folders only.`,
    )
  if (entry.isEncrypted())
    throw new RefusedDataset(`“${path}” is encrypted; pack the archive without a password.`)
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED)
    throw new RefusedDataset(
      `“${path}” is compressed by method ${entry.compressionMethod}; only Deflate can be read.`,
    )
  return { path, byteLength: entry.uncompressedSize, entry }
}

function refuseCount(): never {
  throw new RefusedDataset(`The archive holds more than ${MAX_FILES.toLocaleString('en')} entries.`)
}

function refuseBomb(inflatedBytes: number, archiveBytes: number): void {
  if (inflatedBytes > MAX_INFLATED_BYTES)
    throw new RefusedDataset(
      `The archive’s files are more than ${MAX_INFLATED_BYTES / MIB / 1024} GiB when unpacked.`,
    )
  if (inflatedBytes > RATIO_FREE_BYTES && inflatedBytes > MAX_RATIO * archiveBytes)
    throw new RefusedDataset(
      `The archive would unpack to more than ${MAX_RATIO} times its size; that is not a set of pictures.`,
    )
}

/** Entries that share bytes can make a small archive huge, and no packer writes them. */
function refuseOverlaps(list: readonly ZipFileEntry[], archiveBytes: number): void {
  const byOffset = list
    .map(({ entry, path }) => ({ path, start: entry.relativeOffsetOfLocalHeader, entry }))
    .sort((a, b) => a.start - b.start)
  for (const [i, { path, start, entry }] of byOffset.entries()) {
    const end = start + LOCAL_HEADER_BYTES + entry.fileNameLength + entry.compressedSize
    if (end > (byOffset[i + 1]?.start ?? archiveBytes))
      throw new RefusedDataset(`“${path}” overlaps what comes after it in the archive.`)
  }
}

async function readEntry(zip: yauzl.ZipFile, handle: FileHandle, file: ZipFileEntry): Promise<Buffer> {
  const { entry } = file
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true }).catch((error) => {
    throw new UnreadableFile(`it is damaged in the archive (${error.message})`)
  })
  const packed = Buffer.allocUnsafe(entry.compressedSize)
  const { bytesRead } = await handle.read(packed, 0, packed.length, fileDataStart)
  if (bytesRead !== packed.length) throw new UnreadableFile('the archive ends before it does')
  const bytes = entry.compressionMethod === STORED ? packed : await inflate(packed, file)
  if (bytes.length !== entry.uncompressedSize)
    throw new UnreadableFile('its size is not what the archive says')
  // Node 20.15 brought crc32; before, a flipped bit is left for the picture's decoder to notice.
  if (zlib.crc32 && zlib.crc32(bytes) !== entry.crc32)
    throw new UnreadableFile('its checksum in the archive is wrong')
  return bytes
}

async function inflate(packed: Buffer, file: ZipFileEntry): Promise<Buffer> {
  try {
    return await inflateRaw(packed, { maxOutputLength: Math.max(1, file.byteLength) })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw new RefusedDataset(`“${file.path}” unpacks to more bytes than the archive says.`)
    throw new UnreadableFile('it is damaged in the archive')
  }
}
