import {
  type ExportAnswer,
  ExportMessage,
  type ExportOrder,
  type ExportStep,
  FORMATS_OF_IMAGES,
} from '../../contract/exports.ts'
import { askProcess } from './ask-process.ts'

/** A model with a hundred million parameters takes a minute. */
const LIMIT_MS = 10 * 60 * 1000
/** With thousands of images to compute: of 224 pixels and by an ensemble, a processor with few cores takes half of that. */
const LIMIT_WITH_IMAGES_MS = 60 * 60 * 1000

/**
 * Writes an export in a separate process, and waits for it.
 * @param onStep  called for each step, in the order of EXPORT_STEPS
 * @throws as askProcess
 */
export async function writeExport(
  order: ExportOrder,
  environment: NodeJS.ProcessEnv,
  { signal, onStep }: { signal: AbortSignal; onStep: (step: ExportStep) => void },
): Promise<ExportAnswer> {
  const takesImages = order.training.formats?.some((format) => FORMATS_OF_IMAGES.includes(format))
  const answer = await askProcess({
    ...{ program: 'export-process', messages: ExportMessage, order, environment, signal },
    limitMs: takesImages ? LIMIT_WITH_IMAGES_MS : LIMIT_MS,
    onProgress: (message) => {
      if (message.type === 'step') onStep(message.step)
      return message.type === 'step'
    },
  })
  return answer as ExportAnswer
}
