import { saveFile } from './save-file.ts'

/** Twice as many pixels as on the screen, sharp in print. */
const SCALE = 2

/** Saves a drawing as a PNG. @throws where the browser cannot draw it, or not so large */
export async function savePng(name: string, svg: string): Promise<void> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }))
  try {
    const image = new Image()
    image.src = url
    await image.decode()
    const canvas = new OffscreenCanvas(image.width * SCALE, image.height * SCALE)
    const context = canvas.getContext('2d')
    if (!context) throw new Error('there is no canvas of this size')
    context.drawImage(image, 0, 0, canvas.width, canvas.height)
    saveFile(`${name}.png`, await canvas.convertToBlob({ type: 'image/png' }))
  } finally {
    URL.revokeObjectURL(url)
  }
}
