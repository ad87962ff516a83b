/** The formats that a dataset can come in, in the order in which they are looked for. */
export const FORMAT_NAMES = [
  'market-1501',
  'cifar-binary',
  'cifar-python',
  'idx',
  'listed-pictures',
  'image-folder',
] as const
export type FormatName = (typeof FORMAT_NAMES)[number]
