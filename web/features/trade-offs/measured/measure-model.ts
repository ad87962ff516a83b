import type { ArtifactPartsFragment } from '../../../graphql/generated/operations.ts'
import { fetchModel } from '../../try/networks/fetch-model.ts'
import type { TensorFlow } from '../../try/networks/load-tensorflow.ts'
import { buildNetwork, readModel } from '../../try/networks/read-model.ts'
import { type Latency, measureLatency, runNetwork, shapeOf } from '../../try/networks/run-network.ts'

const GREY = 127

/** Downloads a model unless this browser has it, and measures one image at a time. @throws the signal's reason when aborted */
export async function measureModel(
  tf: TensorFlow,
  artifact: ArtifactPartsFragment,
  sign: () => Promise<string>,
  signal: AbortSignal,
  onReceived: (bytes: number) => void,
): Promise<Latency> {
  const { bytes } = await fetchModel(artifact, sign, signal, onReceived)
  const file = readModel(bytes)
  signal.throwIfAborted()
  const network = await buildNetwork(tf, file)
  try {
    const { height, width, channels } = shapeOf(file)
    // What is on the image makes no difference to how long it takes.
    const pixels = new Uint8ClampedArray(height * width * channels).fill(GREY)
    const latency = await measureLatency(() => runNetwork(tf, network, file, pixels), signal)
    // Some browsers tell whole milliseconds alone, so as not to be recognized by their clock.
    if (latency.medianMs === 0) throw new Error('It takes less than this browser’s clock can tell.')
    return latency
  } finally {
    network.dispose()
  }
}
