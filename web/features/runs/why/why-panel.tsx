import { useQuery } from '@apollo/client/react'
import { Button, Progress, Text } from '@mantine/core'
import { ErrorNotice } from '../../../design/error-notice.tsx'
import { countOf } from '../../../design/format-numbers.ts'
import { LoadingRows } from '../../../design/loading-rows.tsx'
import { Panel } from '../../../design/panel.tsx'
import {
  ExplainRunDocument,
  type ExplanationPartsFragment,
  RunExplanationDocument,
} from '../../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../../graphql/use-mutation-with-retry.tsx'
import { usePollWhile } from '../../../graphql/use-poll-while.ts'
import { useTeam } from '../../../team-scope.ts'
import { notifyProblems } from '../../run-list/notify-problems.ts'
import { WhyTable } from './why-table.tsx'

const REFRESH_MS = 2000

/** Why the students differ from their twins, as far as it can be measured; on request, since it takes a worker minutes. */
export function WhyPanel({ runId }: { runId: string }) {
  // What is missing may have come since it was told: a twin may have ended.
  const query = useQuery(RunExplanationDocument, { variables: { runId }, fetchPolicy: 'cache-and-network' })
  const { data, error, refetch } = query
  const run = data?.node?.__typename === 'Run' ? data.node : null
  const explanation = run?.explanation ?? null
  const isMeasuring = explanation?.status === 'QUEUED' || explanation?.status === 'RUNNING'
  usePollWhile(query, isMeasuring, REFRESH_MS)
  return (
    <Panel
      title="Why it worked, or did not"
      note={explanation && noteOf(explanation)}
      flush={explanation?.status === 'READY'}
    >
      {explanation?.status === 'READY' ? (
        <WhyTable measures={explanation.measures} />
      ) : run ? (
        <Request runId={runId} explanation={explanation} blocker={run.explanationBlocker} />
      ) : error ? (
        <ErrorNotice title="It could not be loaded" error={error} onRetry={() => void refetch()} />
      ) : (
        <LoadingRows />
      )}
    </Panel>
  )
}

function noteOf({ trainImages, testImages, draws }: ExplanationPartsFragment): string | undefined {
  if (trainImages === null || testImages === null) return undefined
  return `Each student beside its twin, which learned alone with this seed: on ${countOf(testImages, 'test image')}, and under weight noise on ${countOf(trainImages, 'training image')}, ${draws} draws each. The 95 % intervals are over draws or images, each by itself, so about one in 20 would exclude 0 by chance alone; other seeds may differ.`
}

interface RequestProps {
  runId: string
  explanation: ExplanationPartsFragment | null
  blocker: string | null
}

function Request({ runId, explanation, blocker }: RequestProps) {
  const { mayChange } = useTeam()
  const [explain, busy] = useMutationWithRetry(ExplainRunDocument)
  const ask = async () => {
    const answer = await explain({ input: { runId } })
    if (answer) notifyProblems('It cannot be measured', answer.explainRun.errors)
  }
  if (explanation && explanation.status !== 'FAILED')
    return (
      <>
        <Text size="sm" mb="xs" role="status">
          {explanation.status === 'QUEUED' ? 'Waiting for a worker' : 'Measuring'}
        </Text>
        <Progress value={100 * explanation.progress} aria-label="Measured" />
      </>
    )
  return (
    <>
      <Text size="sm" mb="sm" maw={720}>
        {[explanation?.failure, blocker].filter(Boolean).join(' ') || WHAT}
      </Text>
      {mayChange && (
        <Button size="sm" loading={busy} disabled={blocker !== null} onClick={() => void ask()}>
          {explanation ? 'Measure again' : 'Measure'}
        </Button>
      )}
    </>
  )
}

const WHAT =
  'Compares each student with its twin that learned alone, after section 3.6 of the paper: how much Gaussian noise on the weights raises the training loss (flat or sharp minima), how confident the posteriors are, how alike the errors are, and how far wrong labels were fitted. A worker takes minutes for it.'
