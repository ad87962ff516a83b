import yauzl from 'yauzl'
import { CODE_PAGES, decodeAs } from '../text/code-pages.ts'
import { guessCodePage } from '../text/guess-code-page.ts'

const UTF8_FLAG = 0x800
const UNICODE_PATH = 0x7075
/** In the upper byte of what made an entry: MS-DOS, OS/2 HPFS, NTFS and VFAT, where a backslash ends a folder's name. */
const BACKSLASH_SYSTEMS: ReadonlySet<number> = new Set([0, 6, 10, 11, 14])

/**
 * The names of a zip's entries, in their order. Those without a word on their encoding are UTF-8 where they can be, as
 * Finder writes them, and else in one code page, which is told; backslashes from Windows are slashes.
 */
export function readZipNames(entries: readonly yauzl.Entry[]): { names: string[]; notes: string[] } {
  const inUnicode = entries.map(nameInUnicode)
  const strange = entries.filter((_, i) => inUnicode[i] === undefined).map(({ fileNameRaw }) => fileNameRaw)
  const codePage = strange.length > 0 ? guessCodePage(strange) : 'cp437'
  const names = entries.map(({ fileNameRaw, versionMadeBy }, i) => {
    const name = inUnicode[i] ?? decodeAs(codePage, fileNameRaw) ?? fileNameRaw.toString('latin1')
    return BACKSLASH_SYSTEMS.has(versionMadeBy >> 8) ? name.replaceAll('\\', '/') : name
  })
  if (strange.length === 0) return { names, notes: [] }
  const example = decodeAs(codePage, strange[0] ?? Buffer.alloc(0))
  const many = strange.length === 1 ? '1 name is' : `${strange.length.toLocaleString('en')} names are`
  return {
    names,
    notes: [
      `${many} in no Unicode; they were read as ${CODE_PAGES[codePage].title}, which is likeliest: “${example}”. Where that is wrong, pack again with names in UTF-8.`,
    ],
  }
}

/** Undefined where nothing says in what it is, and it is not UTF-8 either. */
function nameInUnicode(entry: yauzl.Entry): string | undefined {
  const { generalPurposeBitFlag, fileNameRaw, extraFields } = entry
  return isMarked(entry)
    ? yauzl.getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true)
    : decodeAs('utf-8', fileNameRaw)
}

/** It is said to be UTF-8, or comes in Unicode beside. */
function isMarked({ generalPurposeBitFlag, extraFields }: yauzl.Entry): boolean {
  return (generalPurposeBitFlag & UTF8_FLAG) !== 0 || extraFields.some(({ id }) => id === UNICODE_PATH)
}
