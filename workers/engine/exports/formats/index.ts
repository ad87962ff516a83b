import type { ExportFormatName } from '../../../../contract/training.ts'
import type { ExportFormat } from './format.ts'
import { keras } from './keras.ts'
import { onnx } from './onnx.ts'
import { onnxInt8 } from './onnx-int8.ts'
import { safetensors } from './safetensors.ts'
import { savedModel } from './saved-model.ts'
import { tfjs } from './tfjs.ts'

/** One writer for every format of the contract. */
export const FORMATS = {
  TFJS: tfjs,
  SAVED_MODEL: savedModel,
  ONNX: onnx,
  SAFETENSORS: safetensors,
  KERAS: keras,
  ONNX_INT8: onnxInt8,
} as const satisfies Record<ExportFormatName, ExportFormat>
