import type { SplitName } from '../../../contract/packed/manifest.ts'

/** Where http/pictures.ts serves one image of a packed version. */
export function picturePath(versionId: string, split: SplitName, index: number): string {
  return `/pictures/${versionId}/${split}/${index}`
}
