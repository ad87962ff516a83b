/**
 * The formats that a dataset can come in, and what people call them. They are tried in this order, the most particular
 * first: an ImageFolder can be called anything, so it is what is left.
 */
export const FORMAT_TITLES = {
  'market-1501': 'Market-1501 or DukeMTMC-reID',
  'cifar-binary': 'CIFAR-10 or CIFAR-100, binary',
  'cifar-python': 'CIFAR-10 or CIFAR-100, for Python',
  idx: 'IDX, as MNIST',
  'listed-pictures': 'Images with a list (CSV or JSONL)',
  'image-folder': 'Folders of images',
} as const
export type FormatName = keyof typeof FORMAT_TITLES
export const FORMAT_NAMES = Object.keys(FORMAT_TITLES) as FormatName[]
