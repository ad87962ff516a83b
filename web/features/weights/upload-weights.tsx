'use client'

import { Button, Text } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { MAX_WEIGHTS_FILE_BYTES } from '../../../contract/limits.ts'
import { FormErrors } from '../../design/error-notice.tsx'
import { formatBytes } from '../../design/format-numbers.ts'
import { UploadProgress } from '../datasets/upload/upload-progress.tsx'
import { useUpload } from '../datasets/upload/use-upload.ts'
import { QuotaNotice } from '../usage/quota-notice.tsx'
import { DescribeWeights } from './describe-weights.tsx'

interface Props {
  teamId: string
  onCreated: () => void
}

/** Choose a file, watch it go, say what it is. */
export function UploadWeights({ teamId, onCreated }: Props) {
  const { state, begin, cancel, leave } = useUpload(teamId, 'WEIGHTS')
  const [refused, setRefused] = useState<string[]>([])
  const input = useRef<HTMLInputElement>(null)
  const choose = (file: File | undefined) => {
    if (!file) return
    const isTooLarge = file.size > MAX_WEIGHTS_FILE_BYTES
    setRefused(isTooLarge ? [`${file.name} is ${formatBytes(file.size)}; the limit is 1 GiB.`] : [])
    if (!isTooLarge) void begin(file)
  }

  if (state.stage === 'sending' || state.stage === 'checking')
    return <UploadProgress state={state} onCancel={() => void cancel(state.file)} />
  if (state.stage === 'done')
    return (
      <DescribeWeights
        teamId={teamId}
        uploadId={state.uploadId}
        fileName={state.file.name}
        onLeave={leave}
        onCreated={() => {
          leave()
          onCreated()
        }}
      />
    )
  return (
    <div className="flex flex-col gap-3">
      <QuotaNotice kinds={['STORED_BYTES', 'UPLOADED_BYTES']} />
      <FormErrors messages={state.stage === 'failed' ? [state.message] : refused} />
      <Text size="sm" c="dimmed" maw={620}>
        A safetensors file, a PyTorch state_dict (.pth), a Keras model (.keras, .h5) or a zip with a TF.js
        layers model, up to 1 GiB. A worker reads it and executes nothing of it.
      </Text>
      <input
        ref={input}
        type="file"
        className="sr-only"
        tabIndex={-1}
        aria-label="File of weights"
        onChange={({ currentTarget }) => {
          choose(currentTarget.files?.[0])
          currentTarget.value = ''
        }}
      />
      <div className="flex flex-wrap gap-2">
        <Button
          variant="default"
          leftSection={<IconUpload size={16} />}
          onClick={() => input.current?.click()}
        >
          Choose a file
        </Button>
        {state.stage === 'failed' && (
          <Button variant="default" onClick={() => void begin(state.file)}>
            {state.goesOn ? 'Resume upload' : 'Try again'}
          </Button>
        )}
        {state.stage === 'failed' && state.goesOn && (
          <Button variant="subtle" color="gray" onClick={() => void cancel(state.file)}>
            Cancel upload
          </Button>
        )}
      </div>
    </div>
  )
}
