import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { DocPage } from './doc-pages.ts'

/** A page's Markdown. The product runs in the repository's folder, of which the files are a part. */
export function readDoc({ file }: DocPage): Promise<string> {
  return readFile(path.join(/*turbopackIgnore: true*/ process.cwd(), file), 'utf8')
}
