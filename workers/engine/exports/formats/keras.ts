/** Keras 3: `model.keras`, which Keras loads on any of its backends. */
import { zipSync } from 'fflate'
import { ENGINE_VERSION } from '../../version.ts'
import { layersOf } from '../layer-graph.ts'
import { KERAS_RUNTIME } from '../python-example.ts'
import { type ExportFormat, metadataFile } from './format.ts'
import { kerasConfig } from './keras-config.ts'
import { writeKerasWeights } from './keras-weights.ts'

/** The version whose form of configuration it is; every later one reads it. */
const KERAS_VERSION = '3.0.0'
/** The time that zips of ours tell, so that the same model is the same file. */
const NEVER = new Date(1980, 0, 1)

export const keras: ExportFormat = {
  suffix: 'keras',
  library: 'keras',
  notes: ({ outputs }) =>
    `\`model.keras\`, a model of Keras ${KERAS_VERSION[0]} of standard layers alone: \`keras.saving.load_model("model.keras", compile=False)\`. It gives a list of ${outputs.map((output) => `\`${output}\``).join(', ')}, in this order. \`metadata.json\` holds what this card tells.`,
  async write(model, metadata) {
    const layers = layersOf(model)
    const json = (value: object) => Buffer.from(JSON.stringify(value))
    const content = zipSync(
      {
        'metadata.json': json({
          keras_version: KERAS_VERSION,
          date_saved: '1980-01-01@00:00:00',
          written_by: `Studyhall engine ${ENGINE_VERSION}`,
        }),
        'config.json': json(kerasConfig(model, layers)),
        'model.weights.h5': await writeKerasWeights(layers),
      },
      { level: 0, mtime: NEVER },
    )
    return { files: [{ name: 'model.keras', content: Buffer.from(content) }, metadataFile(metadata)] }
  },
  python: KERAS_RUNTIME,
}
