/**
 * The supported dataset formats and their display names, in the order in which they are tried: most specific
 * first, and ImageFolder last, because its folders can have any name.
 */
export const FORMAT_TITLES = {
  'market-1501': 'Market-1501, DukeMTMC-reID or VeRi-776',
  msmt17: 'MSMT17',
  'cifar-binary': 'CIFAR-10 or CIFAR-100, binary',
  'cifar-python': 'CIFAR-10 or CIFAR-100, for Python',
  idx: 'IDX, as MNIST',
  'numpy-arrays': 'NumPy arrays, as MedMNIST',
  parquet: 'Parquet, as Hugging Face writes it',
  webdataset: 'WebDataset',
  'listed-pictures': 'Images with a list (CSV or JSONL)',
  'image-folder': 'Folders of images',
} as const
export type FormatName = keyof typeof FORMAT_TITLES
export const FORMAT_NAMES = Object.keys(FORMAT_TITLES) as FormatName[]
