import { ReadAhead } from '../archives/read-ahead.ts'
import type { Spool } from '../archives/spool.ts'
import { UnreadableFileError } from '../archives/unreadable-file-error.ts'
import { interleave } from './channels.ts'
import type { RawPictures } from './raw-pictures.ts'

export interface PlanarLayout {
  height: number
  width: number
  channels: 1 | 3
  /** Of the first image's first byte. */
  start: number
  /** From one image to the next. */
  stride: number
}

/** Images that lie in a file plane by plane, all of red, then green, then blue, and one after the other. */
export function planarPictures(spool: Spool, layout: PlanarLayout): RawPictures {
  const { height, width, channels, start, stride } = layout
  const ahead = new ReadAhead(spool.byteLength, (at, length) => spool.read(at, length))
  const bytes = height * width * channels
  return {
    shape: { height, width, channels },
    async read(index) {
      const planes = await ahead.read(start + index * stride, bytes)
      if (planes.length !== bytes) throw new UnreadableFileError('its file ends before it does')
      return channels === 1 ? planes : interleave(planes, height * width)
    },
  }
}
