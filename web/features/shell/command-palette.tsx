'use client'

import { useQuery } from '@apollo/client/react'
import { Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight'
import { IconPlayerPlay, IconPlus, IconSearch, IconUpload } from '@tabler/icons-react'
import { useRouter } from 'next/navigation'
import { RUN_STATUS_WORDS } from '../../../contract/run-words.ts'
import { NewestRunsDocument, type NewestRunsQuery } from '../../graphql/generated/operations.ts'
import { teamPages } from './pages.ts'

/** Ctrl+K: every page, what one may begin, and the newest runs. */
export function CommandPalette({ slug }: { slug: string }) {
  const router = useRouter()
  // Before it is opened: what comes after the last key has been typed is not selected, and Enter would do nothing.
  const { data, refetch } = useQuery(NewestRunsDocument, {
    variables: { slug },
    fetchPolicy: 'cache-and-network',
  })
  const go = (path: string) => () => router.push(`/${slug}${path}`)
  const actions: SpotlightActionGroupData[] = [
    {
      group: 'Pages',
      actions: teamPages.map(({ path, label, icon: Icon }) => ({
        id: `page${path}`,
        label,
        onClick: go(path),
        leftSection: <Icon size={18} />,
      })),
    },
    {
      group: 'Begin',
      actions: [
        {
          id: 'new-run',
          label: 'Start a run',
          onClick: go('/runs/new'),
          leftSection: <IconPlus size={18} />,
        },
        {
          id: 'new-cohort',
          label: 'Build a cohort',
          onClick: go('/cohorts/new'),
          leftSection: <IconPlus size={18} />,
        },
        {
          id: 'upload',
          label: 'Upload a dataset',
          onClick: go('/datasets'),
          leftSection: <IconUpload size={18} />,
        },
      ],
    },
    { group: 'Newest runs', actions: runActions(data, go) },
  ]
  return (
    <Spotlight
      actions={actions}
      shortcut={['mod + K']}
      onSpotlightOpen={() => void refetch()}
      nothingFound="Nothing found"
      highlightQuery
      scrollable
      maxHeight={420}
      searchProps={{
        leftSection: <IconSearch size={18} />,
        placeholder: 'Find a page or a run',
        'aria-label': 'Find a page or a run',
      }}
    />
  )
}

function runActions(data: NewestRunsQuery | undefined, go: (path: string) => () => void) {
  const runs = data?.team?.runs.edges ?? []
  return runs.map(({ node }) => ({
    id: node.id,
    label: `Run ${node.number}`,
    description: `${node.cohort.name}, ${RUN_STATUS_WORDS[node.status].toLowerCase()}`,
    onClick: go(`/runs/${node.number}`),
    leftSection: <IconPlayerPlay size={18} />,
  }))
}
