/** The one place of the pages that loads TensorFlow.js, and only when a page asks for it. */

export type TensorFlow = typeof import('@tensorflow/tfjs')
export type Network = import('@tensorflow/tfjs').LayersModel

/** Backend, the fastest first as a rule, by the names that TensorFlow.js has for them. */
export const BACKEND_WORDS = {
  webgpu: 'WebGPU',
  webgl: 'WebGL',
  wasm: 'WebAssembly',
  cpu: 'JavaScript',
} as const

export type Backend = keyof typeof BACKEND_WORDS

const BACKENDS = Object.keys(BACKEND_WORDS) as Backend[]

/**
 * Those that this browser has, the likely fastest first; `cpu` always is. WebGL that is itself computed by software comes
 * after WebAssembly, which then is faster.
 */
export async function findBackends(): Promise<Backend[]> {
  const has = { webgpu: await hasWebGpu(), webgl: hasWebGl(), wasm: hasWasm(), cpu: true }
  const order: Backend[] = hasWebGl({ failIfMajorPerformanceCaveat: true })
    ? BACKENDS
    : ['webgpu', 'wasm', 'webgl', 'cpu']
  return order.filter((backend) => has[backend])
}

/**
 * TensorFlow.js, computing on `backend` from now on.
 * @throws where the browser has it and it does not start all the same
 */
export async function startTensorFlow(backend: Backend): Promise<TensorFlow> {
  const tf = await import('@tensorflow/tfjs')
  if (backend === 'webgpu') await import('@tensorflow/tfjs-backend-webgpu')
  if (backend === 'wasm') await prepareWasm()
  if (!(await tf.setBackend(backend))) throw new Error(`${BACKEND_WORDS[backend]} did not start.`)
  await tf.ready()
  return tf
}

/** Its files come from where the pages come from. */
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
  // Only so many may be open at once: this one is not needed any more.
  context?.getExtension('WEBGL_lose_context')?.loseContext()
  return context !== null
}

function hasWasm(): boolean {
  return typeof WebAssembly === 'object'
}
