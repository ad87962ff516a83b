import type { LayersModel } from '../../tensorflow.ts'
import type { Example } from '../example.ts'
import type { ExportImages } from '../export-images.ts'
import type { ModelMetadata } from '../model-metadata.ts'
import type { PythonRuntime } from '../python-example.ts'

export interface ExportedFile {
  /** Without a folder. */
  name: string
  content: Buffer
}

export interface Written {
  /** The model's files, which hold the metadata too. */
  files: ExportedFile[]
  /** With what was measured while they were written; missing where nothing was. */
  metadata?: ModelMetadata
}

/** A way in which a trained model is handed on. */
export interface ExportFormat {
  /** Ends the name of the model's folder and of its zip. */
  suffix: string
  /** What runs it, by Hugging Face's name. */
  library: string
  /** What only this format's card says: which files there are, and where to find what. */
  notes(metadata: ModelMetadata): string
  /** @param images  there for FORMATS_OF_IMAGES */
  write(model: LayersModel, metadata: ModelMetadata, images?: ExportImages): Promise<Written>
  /** A program in JavaScript, where something runs the format there. */
  example?: Example
  /** What runs the model in a program in Python that does the same. */
  python?: PythonRuntime
  /** A program that ranks a gallery by the model's features, and what its card says of it. */
  ranking?: { file: string; command: string; write(metadata: ModelMetadata): string }
}

/** What the card tells, for programs, where the format itself has no room for it. */
export function metadataFile(metadata: ModelMetadata): ExportedFile {
  return jsonFile('metadata.json', metadata)
}

export function jsonFile(name: string, value: object): ExportedFile {
  return { name, content: Buffer.from(`${JSON.stringify(value, null, 2)}\n`) }
}
