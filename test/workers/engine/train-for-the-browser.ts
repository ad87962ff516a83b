/** A program for the tests of the pages, which cannot load the engine: trains two students, and asks their exports. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Tensor, type Tensor4D, tf } from '../../../workers/engine/tensorflow.ts'
import { eventsOfType, smallOrder, trainToTheEnd } from './small-run.ts'

/** Not the images' own size, so that they have to be stretched. */
const INPUT = { height: 21, width: 19 }
const order = smallOrder({ students: { ada: 'resnet-8', ben: 'resnet-14' }, recipe: { inputSize: INPUT } })
const { events } = await trainToTheEnd(order)
const { height, width, channels } = order.dataset
const pixels = Uint8Array.from({ length: height * width * channels }, (_, i) => (i * 37) % 256)

const models = []
for (const { fileName, path } of eventsOfType(events, 'artifact'))
  models.push({ fileName, path, posterior: await ask(path.replace(/\.zip$/, '')) })
writeFileSync(process.argv[2]!, JSON.stringify({ pixels: [...pixels], models }))

/** By TensorFlow itself. */
async function ask(folder: string): Promise<number[]> {
  const model = await tf.loadLayersModel(`file://${join(folder, 'model.json')}`)
  const picture = tf.tensor4d(Float32Array.from(pixels), [1, height, width, channels])
  const stretched: Tensor4D = tf.image.resizeBilinear(picture, [INPUT.height, INPUT.width], false, true)
  const outputs = [model.predict(stretched)].flat() as Tensor[]
  return [...(await outputs.at(-1)!.data())]
}
