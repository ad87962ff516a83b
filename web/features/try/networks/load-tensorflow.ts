/** The only module of the pages that loads TensorFlow.js, on demand. */

export type TensorFlow = typeof import('@tensorflow/tfjs')
export type Network = import('@tensorflow/tfjs').LayersModel

/** Backends by their TensorFlow.js names, usually fastest first. */
export const BACKEND_WORDS = {
  webgpu: 'WebGPU',
  webgl: 'WebGL',
  wasm: 'WebAssembly',
  cpu: 'JavaScript',
} as const

export type Backend = keyof typeof BACKEND_WORDS

const BACKENDS = Object.keys(BACKEND_WORDS) as Backend[]

/**
 * The backends that this browser supports, likely fastest first; `cpu` is always included. WebGL with
 * software rendering comes after WebAssembly, which is then faster.
 */
export async function findBackends(): Promise<Backend[]> {
  const has = { webgpu: await hasWebGpu(), webgl: hasWebGl(), wasm: hasWasm(), cpu: true }
  const order: Backend[] = hasWebGl({ failIfMajorPerformanceCaveat: true })
    ? BACKENDS
    : ['webgpu', 'wasm', 'webgl', 'cpu']
  return order.filter((backend) => has[backend])
}

/**
 * Loads TensorFlow.js and activates `backend`.
 * @throws if the backend fails to start
 */
export async function startTensorFlow(backend: Backend): Promise<TensorFlow> {
  const tf = await import('@tensorflow/tfjs')
  if (backend === 'webgpu') await import('@tensorflow/tfjs-backend-webgpu')
  if (backend === 'wasm') await prepareWasm()
  if (!(await tf.setBackend(backend))) throw new Error(`${BACKEND_WORDS[backend]} did not start.`)
  await tf.ready()
  return tf
}

/** Serves the WebAssembly files from the pages' own origin. */
async function prepareWasm(): Promise<void> {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm')
  const files = {
    plain: new URL('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm', import.meta.url),
    simd: new URL('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm', import.meta.url),
    threaded: new URL(
      '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm',
      import.meta.url,
    ),
  }
  setWasmPaths({
    'tfjs-backend-wasm.wasm': files.plain.href,
    'tfjs-backend-wasm-simd.wasm': files.simd.href,
    'tfjs-backend-wasm-threaded-simd.wasm': files.threaded.href,
  })
}

async function hasWebGpu(): Promise<boolean> {
  if (!('gpu' in navigator)) return false
  const gpu = navigator.gpu as { requestAdapter(): Promise<unknown> }
  const adapter = await gpu.requestAdapter().catch(() => null)
  return adapter !== null
}

function hasWebGl(attributes?: WebGLContextAttributes): boolean {
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('webgl2', attributes) ?? canvas.getContext('webgl', attributes)
  // Browsers limit the number of open contexts, so release this one.
  context?.getExtension('WEBGL_lose_context')?.loseContext()
  return context !== null
}

function hasWasm(): boolean {
  return typeof WebAssembly === 'object'
}
