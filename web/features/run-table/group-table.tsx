'use client'

import { Table, Text } from '@mantine/core'
import Link from 'next/link'
import type { RunCondition } from '../../../contract/runs/run-columns.ts'
import { type RunView, writeRunView } from '../../../contract/runs/run-view.ts'
import { countOf, formatShare } from '../../design/format-numbers.ts'
import { TableFrame } from '../../design/table-frame.tsx'
import type { RunGroupsQuery } from '../../graphql/generated/operations.ts'
import { describeRecipe } from '../recipe/recipe-words.ts'

export type RunGroup = NonNullable<RunGroupsQuery['team']>['runGroups'][number]

interface Props {
  groups: readonly RunGroup[]
  view: RunView
  base: string
}

/** Runs by what they have in common: mean and standard deviation of those that succeeded. */
export function GroupTable({ groups, view, base }: Props) {
  const differing = differingFields(groups)
  return (
    <TableFrame label="Groups of runs" minWidth={820} highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Group</Table.Th>
          <Table.Th ta="right">Runs</Table.Th>
          <Table.Th ta="right">Seeds</Table.Th>
          <Table.Th ta="right">Best</Table.Th>
          <Table.Th ta="right">Last</Table.Th>
          <Table.Th ta="right">Ensemble</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {groups.map((group) => (
          <Table.Tr key={group.newestRun.id} className="linked-row">
            <Table.Td>
              <Link href={`${base}/runs?${searchOf(group, view)}`} className="row-link">
                {nameOf(group, view.groupBy.includes('EXPERIMENT'))}
              </Link>
              <Text size="xs" c="dimmed" maw={460}>
                {recipeNote(group, differing)}
              </Text>
            </Table.Td>
            <Table.Td ta="right">{group.runCount}</Table.Td>
            <Table.Td ta="right">{group.seedCount}</Table.Td>
            <Spread group={group} mean={group.bestMean} deviation={group.bestDeviation} />
            <Spread group={group} mean={group.lastMean} deviation={group.lastDeviation} />
            <Spread group={group} mean={group.ensembleMean} deviation={group.ensembleDeviation} />
          </Table.Tr>
        ))}
      </Table.Tbody>
    </TableFrame>
  )
}

interface SpreadProps {
  group: RunGroup
  mean: number | null
  deviation: number | null
}

/** `91.2 ± 0.4 %`, with the number of runs that it is of. */
function Spread({ group, mean, deviation }: SpreadProps) {
  return (
    <Table.Td
      ta="right"
      className="whitespace-nowrap"
      title={`Of ${countOf(group.scoredCount, 'succeeded run')}`}
    >
      {mean !== null && group.task === 'RETRIEVAL' && (
        <Text span size="xs" c="dimmed">
          mAP{' '}
        </Text>
      )}
      {mean === null
        ? '–'
        : deviation === null
          ? formatShare(mean)
          : `${(100 * mean).toFixed(1)} ± ${formatShare(deviation)}`}
    </Table.Td>
  )
}

function nameOf(group: RunGroup, byExperiment: boolean): string {
  const { cohort, datasetVersion, experiment, recipeKey, newestRun, task } = group
  const parts = [
    experiment && `experiment ${experiment.number}, ${experiment.title}`,
    byExperiment && !experiment && 'of no experiment',
    cohort?.name,
    datasetVersion && `${datasetVersion.dataset.name}, version ${datasetVersion.number}`,
    recipeKey && `recipe ${newestRun.preset}`,
  ].filter(Boolean)
  const name = parts.join(' · ')
  return datasetVersion ? name : `${name} · ${task === 'RETRIEVAL' ? 'retrieval' : 'classification'}`
}

const wordsOf = ({ newestRun }: RunGroup) => new Map(describeRecipe(newestRun.recipe))

/** The recipe's fields in which the groups are not all equal; none where recipes are not told apart. */
function differingFields(groups: readonly RunGroup[]): string[] {
  if (groups.every(({ recipeKey }) => recipeKey === null)) return []
  const all = groups.map(wordsOf)
  const labels = [...new Set(all.flatMap((words) => [...words.keys()]))]
  return labels.filter((label) => new Set(all.map((words) => words.get(label))).size > 1)
}

function recipeNote(group: RunGroup, differing: readonly string[]): string {
  const words = wordsOf(group)
  return differing.map((label) => `${label} ${words.get(label) ?? 'off'}`).join(', ')
}

/** The list of a group's runs. */
function searchOf(group: RunGroup, view: RunView): string {
  const conditions: RunCondition[] = [{ column: 'task', is: 'EQUAL', value: group.task }]
  const add = (column: RunCondition['column'], value: string | null | undefined) =>
    value && conditions.push({ column, is: 'EQUAL', value })
  add('cohortId', group.cohort?.id)
  add('versionId', group.datasetVersion?.id)
  add('recipeKey', group.recipeKey)
  if (view.groupBy.includes('EXPERIMENT')) add('experiment', String(group.experiment?.number ?? 0))
  return writeRunView({ ...view, groupBy: [], where: [...view.where, ...conditions] }).toString()
}
