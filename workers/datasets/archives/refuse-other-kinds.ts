import { recognizeFile } from '../../../contract/image-kinds.ts'
import { InvalidDatasetError } from './invalid-dataset-error.ts'

const AS_ZIP = 'Unpack it and pack the folders of images as a zip.'

/** What people hand in for an archive that is read, by its first bytes. */
const KINDS: [begins: string, words: string, remedy: string][] = [
  ['7z\xbc\xaf\x27\x1c', 'a 7z archive', AS_ZIP],
  ['Rar!\x1a\x07', 'a RAR archive', AS_ZIP],
  ['\xfd7zXZ\0', 'packed by xz (.xz, .tar.xz)', AS_ZIP],
  ['BZh', 'packed by bzip2 (.bz2, .tar.bz2)', AS_ZIP],
  ['\x28\xb5\x2f\xfd', 'packed by Zstandard (.zst)', AS_ZIP],
  ['\x04\x22\x4d\x18', 'packed by LZ4', AS_ZIP],
  ['PAR1', 'a Parquet file on its own', 'Put it into a zip, with those of the other splits.'],
  [
    'ARROW1',
    'an Arrow file',
    'Save its images as files, in a folder for each class, and pack those as a zip.',
  ],
  ['\x93NUMPY', 'a NumPy array on its own', 'Put it into a zip, with the one that has the labels.'],
  ['SQLite format 3\0', 'an SQLite database', 'Save its images as files and pack those as a zip.'],
  [
    'version https://git-lfs',
    'a pointer of Git LFS, not the archive itself',
    'Run “git lfs pull” and upload what comes.',
  ],
  [
    'MATLAB ',
    'a MATLAB file',
    'Save its images as files, in a folder for each class, and pack those as a zip.',
  ],
  ['PK\x07\x08', 'one part of a split zip', 'Put the parts together, or unpack it, and pack it as one zip.'],
  ['<?xml', 'an XML text, perhaps a server’s complaint', 'Fetch the archive again.'],
  ['{', 'a JSON text, perhaps a server’s complaint', 'Fetch the archive again.'],
]

/** @throws InvalidDatasetError that calls a file by its name where it is known to be no archive that is read */
export function refuseOtherKinds(head: Buffer): void {
  const text = head.toString('latin1')
  if (head.length === 0) throw new InvalidDatasetError('The file is empty: 0 bytes. Upload it again.')
  const known = KINDS.find(([begins]) => text.startsWith(begins))
  if (known) throw new InvalidDatasetError(`This is ${known[1]}, which is not read. ${known[2]}`)
  const recognized = recognizeFile(head)
  if (recognized.format !== null)
    throw new InvalidDatasetError(
      `This is a single ${recognized.format} image. Pack images of two classes at least as a zip, each class in a folder of its own.`,
    )
  const isArchive = text.startsWith('PK') || text.startsWith('\x1f\x8b')
  if (recognized.words && !isArchive)
    throw new InvalidDatasetError(
      `This is ${recognized.words}, not an archive: ${recognized.words === 'a web page' ? recognized.remedy : 'pack the images as a zip'}.`,
    )
}

/** @throws InvalidDatasetError that calls a file by its name where it was not read as a zip, and begins as something else */
export function refuseNoZip(head: Buffer): void {
  if (head[0] === 0x80 && (head[1] ?? 0) >= 2 && (head[1] ?? 0) <= 5)
    throw new InvalidDatasetError(
      'This may be a Python pickle, which is not read on its own: put the batches of CIFAR into a zip; of other data, save the images as files.',
    )
  if (isText(head))
    throw new InvalidDatasetError(
      'This is a text, not a zip, tar or tar.gz archive that can be read. Where it is a list of images, pack it with them as a zip.',
    )
}

/** UTF-8 throughout, but for a character that the end cuts, and without what texts do not hold. */
function isText(head: Buffer): boolean {
  const whole = head.subarray(0, head.length < 512 ? head.length : 508).toString('utf8')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return whole.length > 0 && !/[\u0000-\u0008\u000e-\u001f\ufffd]/.test(whole.slice(0, -1))
}
