'use client'

import { Button, Progress, Text } from '@mantine/core'
import { formatBytes } from '../../../design/format-numbers.ts'
import { formatDuration } from '../../../design/format-time.ts'
import type { UploadState } from './use-upload.ts'

type Sending = Extract<UploadState, { stage: 'sending' | 'checking' }>

export function UploadProgress({ state, onCancel }: { state: Sending; onCancel: () => void }) {
  const share = state.stage === 'sending' ? state.sentBytes / Math.max(1, state.file.size) : 1
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-center justify-between gap-4">
        <Text fw={500} truncate>
          {state.file.name}
        </Text>
        <Button variant="default" size="xs" onClick={onCancel}>
          Cancel upload
        </Button>
      </div>
      <Progress
        value={share * 100}
        aria-label={`Upload of ${state.file.name}`}
        animated={state.stage === 'checking'}
      />
      <Text size="sm" c="dimmed" className="numbers">
        {state.stage === 'checking' ? 'Verifying the upload…' : describe(state)}
      </Text>
    </div>
  )
}

function describe(state: Extract<UploadState, { stage: 'sending' }>): string {
  const parts = [`${formatBytes(state.sentBytes)} of ${formatBytes(state.file.size)}`]
  const seconds = (Date.now() - state.startedAtMs) / 1000
  const sentNow = state.sentBytes - Math.max(0, state.firstSentBytes)
  if (seconds > 1 && sentNow > 0) {
    const bytesPerSecond = sentNow / seconds
    parts.push(`${formatBytes(bytesPerSecond)}/s`)
    parts.push(`${formatDuration((state.file.size - state.sentBytes) / bytesPerSecond)} left`)
  }
  return parts.join(' · ')
}
