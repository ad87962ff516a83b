import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'

/** What a training process on a graphics card is told through TensorFlow's environment variables. */
const COMMAND_BUFFERS =
  '--xla_gpu_enable_command_buffer=FUSION,CUBLAS,CUBLASLT,CUDNN,CUSTOM_CALL --xla_gpu_graph_min_graph_size=1'
const MOST_CACHED_BYTES = 2 ** 30

/**
 * Makes a card's results reproducible, and lets XLA keep what it has compiled. Variables that are set already
 * win.
 * @param cache created if missing
 */
export function cardEnvironment(parent: NodeJS.ProcessEnv, cache: string): NodeJS.ProcessEnv {
  mkdirSync(cache, { recursive: true })
  return {
    TF_DETERMINISTIC_OPS: parent.TF_DETERMINISTIC_OPS ?? '1',
    TF_CUDNN_DETERMINISTIC: parent.TF_CUDNN_DETERMINISTIC ?? '1',
    TF_XLA_FLAGS: parent.TF_XLA_FLAGS ?? `--tf_xla_persistent_cache_directory=${cache}`,
    XLA_FLAGS: parent.XLA_FLAGS ?? `${COMMAND_BUFFERS} --xla_gpu_deterministic_ops=true`,
  }
}

/** Removes the programs that were used longest ago, until the rest take no more than 1 GiB. */
export function trimCompileCache(cache: string, mostBytes = MOST_CACHED_BYTES): void {
  const files = readdirSync(cache).map((name) => {
    const file = path.join(cache, name)
    const { size, mtimeMs } = statSync(file)
    return { file, size, mtimeMs }
  })
  let bytes = 0
  for (const { file, size } of files.sort((a, b) => b.mtimeMs - a.mtimeMs)) {
    bytes += size
    if (bytes > mostBytes) rmSync(file, { recursive: true, force: true })
  }
}
