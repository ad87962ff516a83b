import type { PictureShape } from './picture-shape.ts'

/** Images of one shape that lie in a file as bare bytes, as CIFAR's and MNIST's do. */
export interface RawPictures {
  shape: PictureShape
  /** uint8, HWC. @throws UnreadableFileError */
  read(index: number): Promise<Uint8Array>
}

/** One of them. */
export interface RawPicture {
  pictures: RawPictures
  index: number
}
