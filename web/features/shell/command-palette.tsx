'use client'

import { useQuery } from '@apollo/client/react'
import { useDebouncedValue } from '@mantine/hooks'
import { createSpotlight, Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight'
import {
  IconBox,
  IconDatabase,
  IconFlask,
  IconPlayerPlay,
  IconPlus,
  IconSearch,
  IconUpload,
  IconUsers,
} from '@tabler/icons-react'
import { useRouter } from 'next/navigation'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { RUN_STATUS_WORDS } from '../../../contract/runs/run-words.ts'
import {
  NewestRunsDocument,
  type NewestRunsQuery,
  TeamSearchDocument,
  type TeamSearchQuery,
} from '../../graphql/generated/operations.ts'
import { teamPages } from './pages.ts'
import { pageOf, type SearchResult } from './search-results.ts'

const DEBOUNCE_MS = 150
const LONGEST_SEARCH = 100

const [store, { open }] = createSpotlight()
export const openCommandPalette = open

/** Ctrl+K: every page, what one may begin, the newest runs, and whatever of the team has the typed words in its name. */
export function CommandPalette({ slug }: { slug: string }) {
  const router = useRouter()
  const { data, refetch } = useQuery(NewestRunsDocument, {
    variables: { slug },
    fetchPolicy: 'cache-and-network',
  })
  const [text, setText] = useState('')
  const [searched] = useDebouncedValue(text.trim().slice(0, LONGEST_SEARCH), DEBOUNCE_MS)
  const { data: found } = useQuery(TeamSearchDocument, {
    variables: { slug, text: searched },
    skip: searched === '',
    fetchPolicy: 'cache-and-network',
  })
  // Enter may come before there is anything to choose; the next key takes it back.
  const isEnterWaiting = useRef(false)
  useEffect(() => {
    const first = selectFirst()
    if (first && isEnterWaiting.current) first.click()
    if (first) isEnterWaiting.current = false
  })
  const rememberEnter = ({ key }: KeyboardEvent) => {
    isEnterWaiting.current = key === 'Enter' && !selectedAction()
  }
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
          id: 'new-experiment',
          label: 'Prove it: an experiment with several seeds',
          onClick: go('/runs/new?prove=1'),
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
    // What is typed finds runs of its own, the newest among them; until it is found these stay, or Enter would meet an empty list.
    searched === '' || !found
      ? { group: 'Newest runs', actions: runActions(data, go) }
      : { group: 'Found by name', actions: foundActions(found, text, go) },
  ]
  return (
    <Spotlight
      store={store}
      actions={actions}
      query={text}
      onQueryChange={setText}
      shortcut={['mod + K']}
      onSpotlightOpen={() => void refetch()}
      nothingFound={found || text.trim() === '' ? 'Nothing found' : 'Searching'}
      highlightQuery
      scrollable
      maxHeight={420}
      searchProps={{
        leftSection: <IconSearch size={18} />,
        placeholder: 'Find anything by name',
        'aria-label': 'Find anything by name',
        onKeyDown: rememberEnter,
      }}
    />
  )
}

function actionsList(): HTMLElement | null {
  return document.getElementById(store.getState().listId)
}

function selectedAction(): Element | null {
  return actionsList()?.querySelector('[data-selected]') ?? null
}

/**
 * Mantine selects the first action at each key typed; what the server answers after the last one, nobody selects.
 * @returns the action newly selected, undefined where one was or where there is none
 */
function selectFirst(): HTMLElement | undefined {
  const first = actionsList()?.querySelector<HTMLElement>('[data-action]')
  if (!first || selectedAction()) return undefined
  first.setAttribute('data-selected', 'true')
  store.updateState((state) => ({ ...state, selected: 0 }))
  return first
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

const icons: Record<SearchResult['__typename'], typeof IconBox> = {
  Dataset: IconDatabase,
  Cohort: IconUsers,
  Run: IconPlayerPlay,
  Experiment: IconFlask,
  Model: IconBox,
  Ensemble: IconBox,
}

/** @param text  as it is typed: the server has chosen already, and nothing of that is to be filtered out again */
function foundActions(found: TeamSearchQuery | undefined, text: string, go: (path: string) => () => void) {
  return (found?.team?.search ?? []).map((result) => {
    const { id, label, description, path } = pageOf(result)
    const Icon = icons[result.__typename]
    return {
      id: `found ${id}`,
      label,
      description,
      keywords: text,
      onClick: go(path),
      leftSection: <Icon size={18} />,
    }
  })
}
