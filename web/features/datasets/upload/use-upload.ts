'use client'

import { useApolloClient } from '@apollo/client/react'
import { useCallback, useEffect, useRef, useState } from 'react'
import {
  CancelUploadDocument,
  CreateUploadDocument,
  FinalizeUploadDocument,
  type UploadPurpose,
} from '../../../graphql/generated/operations.ts'
import { explainBreak } from './explain-break.ts'
import { hashFile } from './hash-file.ts'
import { sendFile } from './send-file.ts'
import { findUnfinished, forgetUnfinished, rememberUnfinished } from './unfinished-uploads.ts'

export type UploadState =
  | { stage: 'none' }
  | {
      stage: 'sending'
      file: File
      sentBytes: number
      hashedBytes: number
      startedAtMs: number
      firstSentBytes: number
    }
  | { stage: 'checking'; file: File }
  | { stage: 'done'; file: File; uploadId: string }
  /** `goesOn`: what arrived is kept, and trying again sends only the rest. */
  | { stage: 'failed'; file: File; message: string; goesOn: boolean }

/** One file on its way: hashed and sent at the same time, verified by the server at the end. */
export function useUpload(teamId: string, purpose: UploadPurpose = 'DATASET') {
  const apollo = useApolloClient()
  // The same file may be on its way as something else.
  const scope = purpose === 'DATASET' ? teamId : `${teamId} ${purpose}`
  const [state, setState] = useState<UploadState>({ stage: 'none' })
  const abort = useRef<AbortController | null>(null)
  useEffect(() => () => abort.current?.abort(), [])

  const leave = useCallback(() => {
    abort.current?.abort()
    setState({ stage: 'none' })
  }, [])

  /** Also on the server, where it would count for a day. */
  const cancel = useCallback(
    async (file: File) => {
      leave()
      const unfinished = findUnfinished(scope, file)
      if (!unfinished) return
      forgetUnfinished(scope, file)
      const { uploadId } = unfinished
      // What cannot be canceled now lapses by itself.
      await apollo
        .mutate({ mutation: CancelUploadDocument, variables: { input: { uploadId } } })
        .catch(() => {})
    },
    [apollo, scope, leave],
  )

  const openUpload = useCallback(
    async (file: File) => {
      const unfinished = findUnfinished(scope, file)
      if (unfinished) return unfinished
      const { data } = await apollo.mutate({
        mutation: CreateUploadDocument,
        variables: { input: { teamId, fileName: file.name, byteLength: file.size, purpose } },
      })
      const upload = data?.createUpload.upload
      if (!upload?.url)
        throw new Error(data?.createUpload.errors[0]?.message ?? 'The upload could not be started.')
      const begun = { uploadId: upload.id, url: upload.url }
      rememberUnfinished(scope, file, begun)
      return begun
    },
    [apollo, teamId, scope, purpose],
  )

  const begin = useCallback(
    async (file: File) => {
      const control = new AbortController()
      abort.current?.abort()
      abort.current = control
      const { signal } = control
      const update = (change: { sentBytes?: number; hashedBytes?: number }) => {
        if (!signal.aborted) setState((before) => withProgress(before, change))
      }
      setState({
        stage: 'sending',
        file,
        sentBytes: 0,
        hashedBytes: 0,
        startedAtMs: Date.now(),
        firstSentBytes: -1,
      })
      try {
        const { uploadId, url } = await openUpload(file)
        const [sha256] = await Promise.all([
          hashFile(file, signal, (hashedBytes) => update({ hashedBytes })),
          sendFile(file, url, signal, (sentBytes) => update({ sentBytes })),
        ])
        setState({ stage: 'checking', file })
        const { data } = await apollo.mutate({
          mutation: FinalizeUploadDocument,
          variables: { input: { uploadId, sha256 } },
        })
        const problem = data?.finalizeUpload.errors[0]
        forgetUnfinished(scope, file)
        if (problem) throw new Error(problem.message)
        if (!signal.aborted) setState({ stage: 'done', file, uploadId })
      } catch (error) {
        if (signal.aborted) return
        control.abort()
        const { message, isGone } = explainBreak(error)
        if (isGone) forgetUnfinished(scope, file)
        setState({ stage: 'failed', file, message, goesOn: findUnfinished(scope, file) !== undefined })
      }
    },
    [apollo, scope, openUpload],
  )

  return { state, begin, cancel, leave }
}

function withProgress(
  before: UploadState,
  change: { sentBytes?: number; hashedBytes?: number },
): UploadState {
  if (before.stage !== 'sending') return before
  // What an earlier attempt had sent does not count for the speed of this one.
  const firstSentBytes = before.firstSentBytes < 0 ? (change.sentBytes ?? -1) : before.firstSentBytes
  return { ...before, ...change, firstSentBytes }
}
