'use client'

import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { formatBytes } from '../../design/format-numbers.ts'
import type { ArtifactPartsFragment } from '../../graphql/generated/operations.ts'
import { useDownload } from './use-download.ts'

interface Props {
  /** Id of the model or ensemble. */
  id: string
  /** What is downloaded, for the accessible name. */
  of: string
  artifact: ArtifactPartsFragment | undefined
}

export function DownloadButton({ id, of, artifact }: Props) {
  const [download, busy] = useDownload()
  if (!artifact) return null
  return (
    <Button
      variant="default"
      size="xs"
      loading={busy}
      leftSection={<IconDownload size={15} />}
      aria-label={`Download ${of}`}
      onClick={() => void download(id, artifact.format)}
      className="above-link numbers"
    >
      {formatBytes(artifact.byteLength)}
    </Button>
  )
}
