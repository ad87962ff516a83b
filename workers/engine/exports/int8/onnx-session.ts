/** ONNX Runtime, which measures what an exported file answers: loaded where it is needed alone. */

export interface OnnxSession {
  /** The outputs named, each row-major. @param pixels  [images, height, width, channels] */
  run(pixels: Float32Array, shape: readonly number[], outputs: readonly string[]): Promise<Float32Array[]>
  close(): Promise<void>
}

export interface OnnxRuntime {
  version: string
  open(file: Buffer): Promise<OnnxSession>
}

/** @throws if it has no build for this machine */
export async function loadOnnxRuntime(threads: number | undefined): Promise<OnnxRuntime> {
  const { InferenceSession, Tensor, env } = await importRuntime()
  return {
    version: env.versions.node ?? env.versions.common,
    async open(file) {
      const session = await InferenceSession.create(file, {
        executionProviders: ['cpu'],
        logSeverityLevel: 3,
        ...(threads && { intraOpNumThreads: threads }),
      })
      return {
        async run(pixels, shape, outputs) {
          const results = await session.run({ pixels: new Tensor('float32', pixels, shape) }, [...outputs])
          return outputs.map((output) => results[output]?.data as Float32Array)
        },
        close: () => session.release(),
      }
    },
  }
}

async function importRuntime() {
  try {
    return await import('onnxruntime-node')
  } catch (error) {
    throw new Error(
      'ONNX Runtime, which measures what 8 bits cost, does not run on this machine. Ask for the format ONNX, or let a worker on Linux (x64, arm64), macOS (arm64) or Windows write it.',
      { cause: error },
    )
  }
}
