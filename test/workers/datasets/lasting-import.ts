import { writeFile } from 'node:fs/promises'
import { craftZip } from './crafted-zip.ts'
import { encode, makePixels } from './pictures.ts'

export const LASTING_PICTURES = 6_000

/** A zip of WebP images, of which each goes through a thread: its import goes on for seconds, whatever the machine. */
export async function writeLastingImport(file: string): Promise<string> {
  const content = await encode(makePixels(1, 32, 32))
    .webp()
    .toBuffer()
  const entries = Array.from({ length: LASTING_PICTURES }, (_, i) => ({
    name: `${i % 6 ? 'train' : 'test'}/${i % 5 ? 'often' : 'seldom'}/${i}.webp`,
    content,
  }))
  await writeFile(file, craftZip(entries))
  return file
}
