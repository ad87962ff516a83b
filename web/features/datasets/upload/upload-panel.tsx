'use client'

import { Button, Text } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { useState } from 'react'
import { useDropzone } from 'react-dropzone'
import { MAX_UPLOAD_BYTES } from '../../../../contract/limits.ts'
import { FormErrors } from '../../../design/error-notice.tsx'
import { formatBytes } from '../../../design/format-numbers.ts'
import { QuotaNotice } from '../../usage/quota-notice.tsx'
import { ImportForm } from './import-form.tsx'
import { UploadProgress } from './upload-progress.tsx'
import { useUpload } from './use-upload.ts'

const mostWords = `${MAX_UPLOAD_BYTES / 1024 ** 3} GiB`

interface Props {
  teamId: string
  /** Of which the upload becomes another version; left out, a dataset of its own. */
  datasetId?: string
  /** Once the import is asked for, or left. */
  onDone?: () => void
}

/** Drop an archive, watch it go, confirm what it is, import it. */
export function UploadPanel({ teamId, datasetId, onDone }: Props) {
  const { state, begin, cancel, leave } = useUpload(teamId)
  const [refused, setRefused] = useState<string[]>([])
  const { getRootProps, getInputProps, isDragActive, open } = useDropzone({
    accept: {
      'application/zip': ['.zip'],
      'application/x-zip-compressed': ['.zip'],
      'application/x-tar': ['.tar'],
      'application/gzip': ['.tar.gz', '.tgz', '.gz'],
    },
    maxFiles: 1,
    maxSize: MAX_UPLOAD_BYTES,
    noClick: true,
    noKeyboard: true,
    onDrop: ([file], rejections) => {
      setRefused(rejections.slice(0, 1).map(({ file }) => whyRefused(file)))
      if (file && rejections.length === 0) void begin(file)
    },
  })

  if (state.stage === 'sending' || state.stage === 'checking') {
    return <UploadProgress state={state} onCancel={() => void cancel(state.file)} />
  }
  if (state.stage === 'done') {
    return (
      <ImportForm
        teamId={teamId}
        datasetId={datasetId}
        uploadId={state.uploadId}
        fileName={state.file.name}
        onLeave={() => {
          leave()
          onDone?.()
        }}
      />
    )
  }
  return (
    <div className="flex flex-col gap-3">
      <QuotaNotice kinds={['STORED_BYTES', 'UPLOADED_BYTES']} />
      <FormErrors messages={state.stage === 'failed' ? [state.message] : refused} />
      {state.stage === 'failed' && (
        <div className="flex gap-2">
          <Button variant="default" onClick={() => void begin(state.file)}>
            {state.goesOn ? 'Resume upload' : 'Try again'}
          </Button>
          {state.goesOn && (
            <Button variant="subtle" color="gray" onClick={() => void cancel(state.file)}>
              Cancel upload
            </Button>
          )}
        </div>
      )}
      <div
        {...getRootProps()}
        className={`flex flex-col items-center gap-2 rounded-lg border border-dashed px-6 py-8 text-center ${
          isDragActive
            ? 'border-[var(--mantine-color-anchor)] bg-[var(--mantine-color-default-hover)]'
            : 'border-[var(--mantine-color-gray-5)] dark:border-[var(--mantine-color-dark-3)]'
        }`}
      >
        <input {...getInputProps({ 'aria-label': 'Zip of labelled images' })} />
        <IconUpload size={22} stroke={1.6} aria-hidden />
        <Text fw={500}>{isDragActive ? 'Drop to upload' : 'Drop a zip or tar of labelled images here'}</Text>
        <Text size="sm" c="dimmed" maw={460}>
          Folders name the classes: train/cat/1.png, test/cat/2.png; or CIFAR and MNIST as they are
          distributed, or a list of images in CSV or JSONL. Up to {mostWords}.
        </Text>
        <Button variant="default" onClick={open} mt={4}>
          Choose a file
        </Button>
      </div>
    </div>
  )
}

function whyRefused({ name, size }: { name: string; size: number }): string {
  if (size > MAX_UPLOAD_BYTES)
    return `${name} has ${formatBytes(size)}; an upload has at most ${mostWords}. Split it in two.`
  return `${name} is not supported. Upload one zip, tar or tar.gz.`
}
