import { useRouter } from 'next/navigation'
import { useEffect, useRef, useState } from 'react'
import {
  CreateCohortDocument,
  CreateSampleDatasetDocument,
  StartRunDocument,
  type TeamHomeQuery,
} from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'
import { useTeam } from '../../team-scope.ts'

type Team = NonNullable<TeamHomeQuery['team']>

/** As `npm run demo` trains them. */
const EXAMPLE = {
  name: 'Ada and Grace',
  students: [
    { name: 'ada', architecture: 'resnet-8' },
    { name: 'grace', architecture: 'resnet-8' },
  ],
}

/**
 * Sample images, a cohort and its run in one go. The run is started once the images are imported; whoever leaves the page
 * before that finds the first two steps done.
 */
export function useExample(team: Team) {
  const { base } = useTeam()
  const router = useRouter()
  const refetchQueries = ['TeamHome']
  const [createSample] = useMutationWithRetry(CreateSampleDatasetDocument, { refetchQueries })
  const [createCohort] = useMutationWithRetry(CreateCohortDocument, { refetchQueries })
  const [startRun] = useMutationWithRetry(StartRunDocument)
  const [isUnderWay, setUnderWay] = useState(false)
  const [problems, setProblems] = useState<string[]>([])
  const isStarted = useRef(false)
  const [idempotencyKey] = useState(() => crypto.randomUUID())

  const stop = (errors: readonly { message: string }[]) => {
    setUnderWay(false)
    setProblems(errors.map(({ message }) => message))
  }
  const begin = async () => {
    setUnderWay(true)
    setProblems([])
    const sample = await createSample({ input: { teamId: team.id } })
    if (!sample?.createSampleDataset.dataset) return stop(sample?.createSampleDataset.errors ?? [])
    const cohort = await createCohort({ input: { teamId: team.id, ...EXAMPLE } })
    if (!cohort?.createCohort.cohort) stop(cohort?.createCohort.errors ?? [])
  }

  const cohortId = team.cohorts.edges[0]?.node.id
  const dataset = team.datasets.edges[0]?.node
  const datasetVersionId = dataset?.latestReadyVersion?.id
  const hasFailed = dataset?.versions[0]?.status === 'FAILED'
  useEffect(() => {
    if (!isUnderWay || !cohortId || !datasetVersionId || isStarted.current) return
    isStarted.current = true
    void startRun({ input: { cohortId, datasetVersionId, preset: 'quick', idempotencyKey } }).then(
      (answer) => {
        const run = answer?.startRun.run
        if (run) return router.push(`${base}/runs/${run.number}`)
        isStarted.current = false
        setUnderWay(false)
        setProblems(answer?.startRun.errors.map(({ message }) => message) ?? [])
      },
    )
  }, [isUnderWay, cohortId, datasetVersionId, startRun, idempotencyKey, router, base])
  return { begin, isUnderWay: isUnderWay && !hasFailed, problems }
}
