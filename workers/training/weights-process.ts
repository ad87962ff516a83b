/**
 * Looks at a file of weights: receives an order from its parent and replies once. A separate process because it loads
 * TensorFlow, and because a file that is made to break its reader breaks nothing else. Exit code 0: the reply was sent.
 */
import { type WeightsAnswer, WeightsOrder } from '../../contract/weights/given-weights.ts'

process.on('disconnect', () => process.exit(1))
process.once('message', (message) => {
  carryOut(WeightsOrder.parse(message)).then(
    (answer) => process.send?.(answer, () => process.exit(0)),
    (error) => {
      console.error(error)
      process.exit(1)
    },
  )
})

async function carryOut(order: WeightsOrder): Promise<WeightsAnswer> {
  const { inspectWeights } = await import('../engine/given/inspect-weights.ts')
  return inspectWeights(order)
}
