'use client'

import { useQuery } from '@apollo/client/react'
import { IconShare } from '@tabler/icons-react'
import { EmptyState } from '../../design/empty-state.tsx'
import { ErrorNotice } from '../../design/error-notice.tsx'
import { LinkButton } from '../../design/link-button.tsx'
import { LoadingRows } from '../../design/loading-rows.tsx'
import { Panel } from '../../design/panel.tsx'
import { TeamShareLinksDocument, type TeamShareLinksQuery } from '../../graphql/generated/operations.ts'
import { useTeam } from '../../team-scope.ts'
import { ShareLinksTable } from './share-links-table.tsx'

type TeamLink = NonNullable<TeamShareLinksQuery['team']>['shareLinks'][number]

/** All open links of a team, for its admins. */
export function ShareLinksPanel() {
  const { team, base } = useTeam()
  const { data, error, refetch } = useQuery(TeamShareLinksDocument, {
    variables: { slug: team.slug },
    fetchPolicy: 'cache-and-network',
  })
  const links = data?.team?.shareLinks
  const subjects = new Map(links?.map((link) => [link.id, subjectOf(link, base)]))
  return (
    <Panel title="Shared links" note="Read-only pages for whoever has the link, without signing in" flush>
      {error && !data ? (
        <ErrorNotice title="The links could not be loaded" error={error} onRetry={() => void refetch()} />
      ) : !links ? (
        <LoadingRows />
      ) : links.length === 0 ? (
        <EmptyState
          icon={<IconShare size={22} />}
          title="Nothing is shared"
          action={
            <LinkButton href={`${base}/runs`} variant="default" size="xs">
              Open a run to share it
            </LinkButton>
          }
        >
          Runs, experiments and models have a button for it.
        </EmptyState>
      ) : (
        <ShareLinksTable
          links={links}
          label="Shared links"
          subjectOf={({ id }) => subjects.get(id) ?? { name: '', href: base }}
        />
      )}
    </Panel>
  )
}

function subjectOf({ subject }: TeamLink, base: string): { name: string; href: string } {
  switch (subject.__typename) {
    case 'Run':
      return {
        name: subject.name ? `Run ${subject.number}, ${subject.name}` : `Run ${subject.number}`,
        href: `${base}/runs/${subject.number}`,
      }
    case 'Experiment':
      return { name: subject.title, href: `${base}/experiments/${subject.number}` }
    case 'Model':
      return { name: `Model ${subject.student.name}`, href: `${base}/models/${subject.id}` }
    case 'Ensemble':
      return { name: `Ensemble of run ${subject.run.number}`, href: `${base}/models/${subject.id}` }
    default:
      throw new Error(`A ${subject.__typename} is not shared`)
  }
}
