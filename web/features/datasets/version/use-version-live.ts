'use client'

import { useApolloClient } from '@apollo/client/react'
import {
  DatasetVersionChangedDocument,
  VersionProgressFragmentDoc,
} from '../../../graphql/generated/operations.ts'
import { useLive } from '../../../graphql/use-live.ts'
import { isImporting } from './version-status.tsx'

/** Follows the import of one version into the cache; `onEnd` when it is ready or failed. Null: follows none. */
export function useVersionLive(versionId: string | null, onEnd: () => void) {
  const client = useApolloClient()
  return useLive(DatasetVersionChangedDocument, versionId, {
    variables: () => (versionId ? { id: versionId } : null),
    onData: ({ datasetVersionChanged }) => {
      client.cache.writeFragment({
        fragment: VersionProgressFragmentDoc,
        fragmentName: 'VersionProgress',
        data: datasetVersionChanged,
      })
      // Not when the stream completes: once the cache says that the import has ended, nobody may be listening any more.
      if (!isImporting(datasetVersionChanged)) onEnd()
    },
  })
}
