/**
 * The training process, one for each run: it gets an order from its parent, has the engine carry it out, and tells its
 * parent what happens. The one file that joins the engine to the product. Exit code 0: the outcome was told.
 */
import { TrainingControl, type TrainingEvent, type TrainingOrder } from '../../contract/training.ts'
import { RequestedShards } from './requested-shards.ts'

let stopAsked = false
let started = false
let told: Promise<void> = Promise.resolve()
const distant = new RequestedShards((request) => process.send?.(request))

// Nobody is left to tell; whoever takes up the run begins anew.
process.on('disconnect', () => process.exit(1))
// Ctrl-C reaches the whole group of processes: the parent decides, and says `stop`.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => {
  stopAsked = true
})
process.on('message', (message) => {
  const control = TrainingControl.parse(message)
  if (control.type === 'stop') stopAsked = true
  else if (control.type !== 'start') distant.take(control)
  else if (!started) {
    started = true
    carryOut(control.order).catch((error) => {
      console.error(error)
      process.exit(1)
    })
  }
})

async function carryOut(order: TrainingOrder): Promise<void> {
  // Loaded only now, so that an order that is refused costs no TensorFlow.
  const { train } = await import('../engine/train.ts')
  await train(order, { onEvent: tell, shouldStop: () => stopAsked, distant })
  await told
  // There is nothing to wait for, whatever TensorFlow keeps open.
  process.exit(0)
}

/** Messages arrive in order: once the last has left, all have. */
function tell(event: TrainingEvent): void {
  told = new Promise((resolve) => process.send?.(event, () => resolve()))
}
