/** ONNX in 8-bit integers, with what the rounding costs: measured by running the very file beside the one in float32. */
import type { LayersModel } from '../../tensorflow.ts'
import type { ExportImages } from '../export-images.ts'
import { featureWidths } from '../exported-model.ts'
import { type Calibration, calibrate } from '../int8/calibrate.ts'
import { foldNormalizations } from '../int8/fold-normalizations.ts'
import { quantizationOf, type Range } from '../int8/integers.ts'
import { measureLoss } from '../int8/measure-loss.ts'
import { loadOnnxRuntime } from '../int8/onnx-session.ts'
import type { QuantizationRecord } from '../int8/quantization-record.ts'
import { quantizedValues } from '../int8/quantized-values.ts'
import { layersOf, outputsOf } from '../layer-graph.ts'
import type { ModelMetadata } from '../model-metadata.ts'
import { quantizationNotes } from '../quantization-notes.ts'
import { type ExportFormat, metadataFile } from './format.ts'
import { encodeLayers, onnx, onnxNotes } from './onnx.ts'
import { OnnxGraph } from './onnx-graph.ts'
import { QuantizedOnnxGraph } from './onnx-int8-graph.ts'
import { convertLayers } from './onnx-layers.ts'

export const onnxInt8: ExportFormat = {
  ...onnx,
  suffix: 'onnx-int8',
  notes: (metadata) => `${onnxNotes(metadata)} ${quantizationNotes(metadata)}`,
  async write(model, metadata, images) {
    if (!images) throw new Error('the images by which values are rounded to 8 bits are missing')
    const layers = layersOf(model)
    const outputs = new Set(outputsOf(model))
    const folded = foldNormalizations(layers, outputs)
    const values = quantizedValues(folded, outputs)
    const calibration = await calibrate(model, [...new Set(values.values())], images)
    const quantizations = new Map(
      [...values].map(([name, source]) => [name, quantizationOf(calibration.ranges.get(source) as Range)]),
    )
    const encode = (told: ModelMetadata) =>
      encodeLayers(model, convertLayers(folded, new QuantizedOnnxGraph(quantizations)), told)
    const float32 = encodeLayers(model, convertLayers(layers, new OnnxGraph()), metadata)
    const measured = await measure(model, metadata, { float32, int8: encode(metadata) }, images, calibration)
    const told = { ...metadata, quantization: measured }
    return { files: [{ name: 'model.onnx', content: encode(told) }, metadataFile(told)], metadata: told }
  },
}

async function measure(
  model: LayersModel,
  metadata: ModelMetadata,
  files: { float32: Buffer; int8: Buffer },
  images: ExportImages,
  calibration: Calibration,
): Promise<QuantizationRecord> {
  const runtime = await loadOnnxRuntime(metadata.threadsPerOperation)
  const sessions = { float32: await runtime.open(files.float32), int8: await runtime.open(files.int8) }
  const ends: [string, string] = [metadata.outputs[0] as string, metadata.outputs.at(-1) as string]
  try {
    const loss = await measureLoss({
      ...sessions,
      images,
      outputs: ends,
      widths: featureWidths(model),
    })
    return {
      weights: 'int8, symmetric, a scale for each output channel',
      values: 'uint8, a scale and a zero point for each feature map',
      calibrationImages: calibration.images,
      runtime: `ONNX Runtime ${runtime.version}`,
      byteLength: { float32: files.float32.length, int8: files.int8.length },
      loss,
    }
  } finally {
    await Promise.all(Object.values(sessions).map((session) => session.close()))
  }
}
