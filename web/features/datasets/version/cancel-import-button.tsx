'use client'

import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { CancelImportDocument } from '../../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../../graphql/use-mutation-with-retry.tsx'

export function CancelImportButton({ versionId }: { versionId: string }) {
  const [cancelImport, busy] = useMutationWithRetry(CancelImportDocument, { refetchQueries: ['DatasetPage'] })
  const cancel = async () => {
    const answer = await cancelImport({ input: { datasetVersionId: versionId } })
    for (const { message } of answer?.cancelImport.errors ?? [])
      notifications.show({ color: 'red', title: 'The import goes on', message })
  }
  return (
    <Button variant="default" size="xs" onClick={cancel} loading={busy}>
      Cancel the import
    </Button>
  )
}
