import type { TrainingEvent } from '../../contract/training.ts'
import type { Span } from '../../logging/tracing.ts'

/** Notes what a training process tells: a span for each epoch, evaluation and checkpoint. @returns what it is told of */
export function traceTraining(span: Span): (event: TrainingEvent) => void {
  let epoch: number | null = null
  let epochSinceMs = Date.now()
  const endEpoch = () => {
    if (epoch !== null) span.note('epoch', { epoch }, epochSinceMs)
    epochSinceMs = Date.now()
  }
  return (event) => {
    if (event.type === 'metrics' && event.epoch !== epoch) {
      endEpoch()
      epoch = event.epoch
    } else if (event.type === 'evaluation' || event.type === 'retrieval') span.note('evaluation', {})
    else if (event.type === 'checkpoint')
      span.note('checkpoint', { step: event.step, 'checkpoint.bytes': event.bytes })
    else if (event.type === 'finished' || event.type === 'stopped') endEpoch()
  }
}
