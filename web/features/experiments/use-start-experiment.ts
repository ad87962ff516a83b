'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { StartExperimentDocument } from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'
import { useTeam } from '../../team-scope.ts'

/** Starts an experiment and opens its page. @returns messages of what is wrong in `problems` */
export function useStartExperiment() {
  const { base } = useTeam()
  const router = useRouter()
  const [startExperiment, busy] = useMutationWithRetry(StartExperimentDocument, {
    refetchQueries: ['Experiments'],
  })
  const [problems, setProblems] = useState<string[]>([])
  // A double click, or a retry after a network failure, must not start two.
  const [idempotencyKey] = useState(() => crypto.randomUUID())
  const start = async (datasetVersionId: string, experiment: object) => {
    const answer = await startExperiment({ input: { datasetVersionId, experiment, idempotencyKey } })
    if (!answer) return
    const { experiment: started, errors } = answer.startExperiment
    setProblems(errors.map(({ message }) => message))
    if (started) router.push(`${base}/experiments/${started.number}`)
  }
  return { start, busy, problems }
}
