export interface PictureShape {
  height: number
  width: number
  channels: 1 | 3
}
