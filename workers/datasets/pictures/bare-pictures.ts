import { ReadAhead } from '../archives/read-ahead.ts'
import type { Spool } from '../archives/spool.ts'
import { UnreadableFileError } from '../archives/unreadable-file-error.ts'
import { interleave } from './channels.ts'
import type { RawPictures } from './raw-pictures.ts'

export interface BareLayout {
  height: number
  width: number
  channels: 1 | 3
  /** Of the first image's first byte. */
  start: number
  /** The channels of a pixel lie side by side, not plane by plane. */
  isInterleaved?: boolean
  /** From one image to the next. */
  stride: number
}

/** Images that lie in a file one after the other, plane by plane, all of red, then green, then blue, or pixel by pixel. */
export function barePictures(spool: Spool, layout: BareLayout): RawPictures {
  const { height, width, channels, isInterleaved = channels === 1, start, stride } = layout
  const ahead = new ReadAhead(spool.byteLength, (at, length) => spool.read(at, length))
  const bytes = height * width * channels
  return {
    shape: { height, width, channels },
    async read(index) {
      const planes = await ahead.read(start + index * stride, bytes)
      if (planes.length !== bytes) throw new UnreadableFileError('its file ends before it does')
      return isInterleaved ? planes : interleave(planes, height * width)
    },
  }
}
