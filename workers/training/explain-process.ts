/**
 * Explains a finished run: receives an order from its parent, has the engine carry it out, reports progress, and
 * replies once. A separate process because it loads TensorFlow. Exit code 0: the reply was sent.
 */
import { type ExplainMessage, ExplainOrder } from '../../contract/runs/explanation.ts'

process.on('disconnect', () => process.exit(1))
process.once('message', (message) => {
  carryOut(ExplainOrder.parse(message))
    .catch(
      (error): ExplainMessage => ({
        type: 'failed',
        message: error instanceof Error ? error.message : String(error),
      }),
    )
    .then((answer) => process.send?.(answer, () => process.exit(0)))
})

async function carryOut(order: ExplainOrder): Promise<ExplainMessage> {
  const { explainRun } = await import('../engine/explain/explain-run.ts')
  const explanation = await explainRun(order, (done) => {
    process.send?.({ type: 'progress', done } satisfies ExplainMessage)
  })
  return { type: 'explained', explanation }
}
