/** How an image comes to a model's input: in words for the card, and in Hugging Face's form for programs. */
import type { ModelMetadata } from './model-metadata.ts'

/** Pillow's number for bilinear resampling, which is antialiased there. */
const PIL_BILINEAR = 2

const FIT_WORDS = {
  COVER: (size: string) =>
    `scale it, proportions kept, until it just covers ${size}, and cut the overhang off evenly on both sides (center crop)`,
  CONTAIN: (size: string, background: string) =>
    `scale it, proportions kept, until it just fits into ${size}, and fill the rest evenly on both sides with ${background}`,
  STRETCH: (size: string) => `scale it to ${size}, whatever its proportions are`,
} as const

/** The steps in their order, one a line. */
export function preparationSteps({ pictures, input, preparation, normalization }: ModelMetadata): string[] {
  const { fit, background } = preparation
  const size = `${pictures.height} x ${pictures.width} (height x width)`
  const isResized = pictures.height !== input.height || pictures.width !== input.width
  const list = (values: number[]) => values.map((value) => value.toFixed(4)).join(', ')
  return [
    'Turn it upright as its EXIF orientation says; of several frames take the first; convert it to sRGB by its colour profile, if it has one.',
    background
      ? `Lay what is transparent on \`${background}\` (alpha compositing in sRGB).`
      : 'Drop an alpha channel, without compositing.',
    `Resize with bilinear interpolation, antialiased where it shrinks (Pillow's \`BILINEAR\`, torchvision's \`antialias=True\`): ${FIT_WORDS[fit](size, `\`${background ?? '#ffffff'}\``)}.`,
    ...(input.channels === 1
      ? ['Convert it to grey by the luminance of linear light (ITU-R BT.709), encoded as sRGB again.']
      : []),
    ...(isResized
      ? [
          `Resize that to ${input.height} x ${input.width}, bilinear and antialiased, proportions not kept; do not round.`,
        ]
      : []),
    `Give it as float32 from 0 to 255, ${input.channels === 1 ? 'one grey channel' : 'RGB'}, layout NHWC: \`[batch, ${input.height}, ${input.width}, ${input.channels}]\`. Do not normalise: that is the model's first layer (channel means ${list(normalization.means)}, deviations ${list(normalization.deviations)} of pixels scaled to 0..1).`,
  ]
}

/**
 * `preprocessor_config.json` as Hugging Face's image processors read it. What their fields cannot say, and all of it
 * once more, stands under `studyhall`; where they would do something else, `do_resize` is false.
 */
export function preprocessorConfig(metadata: ModelMetadata): Record<string, unknown> {
  const { pictures, input, preparation, normalization } = metadata
  const size = { height: input.height, width: input.width }
  const isDirect = pictures.height === input.height && pictures.width === input.width
  const isSquare = input.height === input.width
  const resizing =
    preparation.fit === 'STRETCH' && isDirect
      ? { do_resize: true, size, do_center_crop: false }
      : preparation.fit === 'COVER' && isDirect && isSquare
        ? { do_resize: true, size: { shortest_edge: input.height }, do_center_crop: true, crop_size: size }
        : { do_resize: false, do_center_crop: false }
  return {
    image_processor_type: 'CLIPImageProcessor',
    ...resizing,
    resample: PIL_BILINEAR,
    do_convert_rgb: input.channels === 3,
    // The model takes 0 to 255 and normalises by itself.
    do_rescale: false,
    do_normalize: false,
    image_mean: normalization.means,
    image_std: normalization.deviations,
    data_format: 'channels_last',
    studyhall: { ...preparation, pictures, input, antialias: true, steps: preparationSteps(metadata) },
  }
}
