import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { unpack } from '../../scripts/demo/unpack.ts'

const SAMPLE = fileURLToPath(new URL('../../samples/omniglot-sample.zip', import.meta.url))
const GALLERY_PICTURE = 'omniglot-sample/bounding_box_test/0001_c1s1_002727_01.jpg'
/** Who is on it. */
export const IDENTITY_IN_GALLERY = '0001'

/** An image that is in the gallery of the sample, as a file. */
export async function unpackGalleryPicture(folder: string): Promise<string> {
  await unpack(SAMPLE, folder, (name) => name === GALLERY_PICTURE)
  return path.join(folder, GALLERY_PICTURE)
}
