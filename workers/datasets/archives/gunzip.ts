import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** The unpacked bytes; what fails before them fails them, and whoever leaves them ends what is before. */
export function gunzip(packed: Readable): Readable {
  return pipeline(packed, createGunzip(), () => {})
}
