/**
 * The training process, one per run: receives an order from its parent, has the engine carry it out, and
 * reports events back. The only file that connects the training engine to the product. Exit code 0: the
 * outcome was sent.
 */
import { TrainingControl, type TrainingEvent, type TrainingOrder } from '../../contract/training.ts'
import { RequestedShards } from './requested-shards.ts'

let stopRequested = false
let started = false
let lastSent: Promise<void> = Promise.resolve()
const remote = new RequestedShards((request) => process.send?.(request))

// The parent is gone: nothing can be reported, and another worker will take over the run.
process.on('disconnect', () => process.exit(1))
// Ctrl-C reaches the whole process group; the parent decides and sends `stop`.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => {
  stopRequested = true
})
process.on('message', (message) => {
  const control = TrainingControl.parse(message)
  if (control.type === 'stop') stopRequested = true
  else if (control.type !== 'start') remote.take(control)
  else if (!started) {
    started = true
    carryOut(control.order).catch((error) => {
      console.error(error)
      process.exit(1)
    })
  }
})

async function carryOut(order: TrainingOrder): Promise<void> {
  // Imported late, so that an invalid order fails without loading TensorFlow.
  const { train } = await import('../engine/train.ts')
  await train(order, { onEvent: send, shouldStop: () => stopRequested, remote })
  await lastSent
  // Exits explicitly, because TensorFlow may keep handles open.
  process.exit(0)
}

/** Messages are sent in order: once the last has been sent, all have. */
function send(event: TrainingEvent): void {
  lastSent = new Promise((resolve) => process.send?.(event, () => resolve()))
}
