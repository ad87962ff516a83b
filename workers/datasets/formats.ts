import type { Format } from './arrangement.ts'
import { imageFolder } from './image-folder.ts'
import { market1501 } from './market-1501.ts'

/**
 * The formats that a dataset can come in, the most particular first; a new one is a file beside this and a line here.
 * An ImageFolder can be called anything, so it is what is left.
 */
export const FORMATS = {
  'market-1501': market1501,
  'image-folder': imageFolder,
} as const satisfies Record<string, Format>

export type FormatName = keyof typeof FORMATS

/** The format that the names of a dataset's files show. */
export function recognizeFormat(sortedPaths: readonly string[]): FormatName {
  const names = Object.keys(FORMATS) as FormatName[]
  return names.find((name) => FORMATS[name].recognizes(sortedPaths)) ?? 'image-folder'
}
