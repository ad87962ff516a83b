import { Progress, Text } from '@mantine/core'
import { formatBytes } from '../../../design/format-numbers.ts'
import { BACKEND_WORDS, type Backend } from '../networks/load-tensorflow.ts'
import type { Latency } from '../networks/run-network.ts'
import type { FileStage } from '../networks/use-model-files.ts'

export function timeTitle(backend: Backend | null): string {
  return backend ? `Time with ${BACKEND_WORDS[backend]}` : 'Time'
}

/** How long one image takes on this device; measured after the first result. */
export function Time({ latency }: { latency: Latency | null }) {
  if (!latency)
    return (
      <Text size="xs" c="dimmed" span>
        measuring…
      </Text>
    )
  const { medianMs, runs } = latency
  return (
    <span title={`Median of ${runs} runs after 2 warm-up runs`}>
      {medianMs.toFixed(medianMs < 10 ? 2 : 1)} ms
      {runs < 10 && ` (of ${runs})`}
    </span>
  )
}

/** A model's file size, with the download's progress. */
export function FileState({
  stage,
  byteLength,
}: {
  stage: FileStage | undefined
  byteLength: number | undefined
}) {
  if (byteLength === undefined) return '–'
  if (stage?.stage !== 'loading') return formatBytes(byteLength)
  return (
    <>
      {formatBytes(stage.received)} of {formatBytes(byteLength)}
      <Progress size="xs" mt={4} value={(100 * stage.received) / byteLength} aria-label="Download" />
    </>
  )
}

export function sum(values: (number | undefined)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0)
}
