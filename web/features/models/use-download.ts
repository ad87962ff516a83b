'use client'

import { notifications } from '@mantine/notifications'
import { type ArtifactFormat, CreateDownloadDocument } from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'

/** Gets a signed link to a model's or ensemble's file and has the browser save it. */
export function useDownload(): [
  download: (id: string, format: ArtifactFormat) => Promise<void>,
  busy: boolean,
] {
  const [createDownload, busy] = useMutationWithRetry(CreateDownloadDocument)
  const download = async (id: string, format: ArtifactFormat) => {
    const answer = await createDownload({ input: { id, format } })
    if (!answer) return
    const { download: link, errors } = answer.createDownload
    for (const { message } of errors) notifications.show({ color: 'red', title: 'No download', message })
    if (link) saveFrom(link.url, link.artifact.fileName)
  }
  return [download, busy]
}

function saveFrom(url: string, fileName: string): void {
  const { pathname, search } = new URL(url, location.origin)
  const link = document.createElement('a')
  link.href = pathname + search
  link.download = fileName
  document.body.append(link)
  link.click()
  link.remove()
}
