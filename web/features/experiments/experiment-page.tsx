'use client'

import { useQuery } from '@apollo/client/react'
import { Skeleton } from '@mantine/core'
import { BackLink } from '../../design/back-link.tsx'
import { ErrorNotice } from '../../design/error-notice.tsx'
import { MissingPage } from '../../design/missing-page.tsx'
import { PageHeader } from '../../design/page-header.tsx'
import { ExperimentPageDocument, type ExperimentPageQuery } from '../../graphql/generated/operations.ts'
import { usePollWhile } from '../../graphql/use-poll-while.ts'
import { useTeam } from '../../team-scope.ts'
import { ShareButton } from '../sharing/share-button.tsx'
import { TradeOffPanel } from '../trade-offs/trade-off-panel.tsx'
import { AddSeedsButton } from './add-seeds-button.tsx'
import { CancelExperimentButton } from './cancel-experiment-button.tsx'
import { CurvesPanel } from './curves-panel.tsx'
import { ExperimentStatusMark, isUnderWay } from './experiment-status.tsx'
import { ForestPanel, type TrialHref } from './forest-panel.tsx'
import { NotesPanel } from './notes-panel.tsx'
import { ProgressPanel } from './progress-panel.tsx'
import { ResultsPanel } from './results-panel.tsx'
import { TrialsPanel } from './trials-panel.tsx'
import { VerdictsPanel } from './verdicts-panel.tsx'

export type PageExperiment = NonNullable<NonNullable<ExperimentPageQuery['team']>['experiment']>

const POLL_MS = 5_000

/** The page of an experiment: what it shows, how sure that is, and every run behind it. */
export function ExperimentPage({ number }: { number: number }) {
  const { team, base, mayChange } = useTeam()
  const query = useQuery(ExperimentPageDocument, {
    variables: { slug: team.slug, number },
    fetchPolicy: 'cache-and-network',
  })
  const { data, error, refetch } = query
  const experiment = data?.team?.experiment
  usePollWhile(query, experiment ? isUnderWay(experiment.progress) : false, POLL_MS)

  if (data?.team && !experiment) return <MissingPage what="experiment" href={`${base}/experiments`} />
  if (!experiment) {
    return error ? (
      <ErrorNotice title="The experiment could not be loaded" error={error} onRetry={() => void refetch()} />
    ) : (
      <Skeleton height={420} />
    )
  }
  const { dataset, number: version } = experiment.datasetVersion
  return (
    <>
      <PageHeader
        above={<BackLink href={`${base}/experiments`}>Experiments</BackLink>}
        title={
          <>
            Experiment {experiment.number} <ExperimentStatusMark {...experiment} />
          </>
        }
        note={`${experiment.title} · ${dataset.name}, version ${version}`}
        actions={
          mayChange && (
            <>
              {experiment.looks === null && experiment.canceledAt === null && (
                <AddSeedsButton experiment={experiment} onAdded={() => void refetch()} />
              )}
              {isUnderWay(experiment.progress) && (
                <CancelExperimentButton experiment={experiment} onCanceled={() => void refetch()} />
              )}
              <ShareButton
                slug={team.slug}
                subject={{ id: experiment.id, name: `experiment ${experiment.number}` }}
              />
            </>
          )
        }
      />
      <div className="flex flex-col gap-6">
        <ProgressPanel experiment={experiment} />
        <VerdictsPanel experiment={experiment} />
        <ForestPanel experiment={experiment} hrefOf={runHrefs(experiment, base)} />
        <CurvesPanel experiment={experiment} />
        <ResultsPanel experiment={experiment} />
        <TradeOffPanel datasetId={dataset.id} experimentId={experiment.id} />
        <TrialsPanel experiment={experiment} base={base} />
        <NotesPanel notes={experiment.results.notes} />
      </div>
    </>
  )
}

function runHrefs({ trials }: PageExperiment, base: string): TrialHref {
  return (condition, arm, seed) => {
    const trial = trials.find(
      (candidate) => candidate.condition === condition && candidate.arm === arm && candidate.seed === seed,
    )
    return trial && `${base}/runs/${trial.run.number}`
  }
}
