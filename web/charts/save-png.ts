import { saveFile } from './save-file.ts'

/** Saves a chart at screen resolution, on the page's background colour, since the canvas is transparent. */
export async function savePng(name: string, chart: HTMLCanvasElement | null | undefined): Promise<void> {
  if (!chart) return
  const canvas = new OffscreenCanvas(chart.width, chart.height)
  const context = canvas.getContext('2d')
  if (!context) return
  context.fillStyle = getComputedStyle(document.body).backgroundColor
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.drawImage(chart, 0, 0)
  saveFile(`${name}.png`, await canvas.convertToBlob({ type: 'image/png' }))
}
