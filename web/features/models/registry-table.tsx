'use client'

import { Checkbox, Table, Text, Tooltip } from '@mantine/core'
import Link from 'next/link'
import { formatParameters } from '../../design/format-numbers.ts'
import { TextLink } from '../../design/link-button.tsx'
import { TableFrame } from '../../design/table-frame.tsx'
import type { TrainedRowFragment } from '../../graphql/generated/operations.ts'
import { AliasMarks } from './alias-marks.tsx'
import { DownloadButton } from './download-button.tsx'
import { HashValue } from './hash-value.tsx'
import { nameOf, noteOf, scoreWords } from './trained-words.ts'

/** As many models as the comparison page shows side by side. */
export const MAX_COMPARED = 4

interface Props {
  trained: TrainedRowFragment[]
  base: string
  /** Ids selected for comparison. */
  chosen: string[]
  onChoose: (id: string, isChosen: boolean) => void
}

export function RegistryTable({ trained, base, chosen, onChoose }: Props) {
  return (
    <TableFrame label="Models" minWidth={980} horizontalSpacing="sm" className="whitespace-nowrap">
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={44}>
            <span className="sr-only">Compare</span>
          </Table.Th>
          <Table.Th>Model</Table.Th>
          <Table.Th>Run</Table.Th>
          <Table.Th>Dataset</Table.Th>
          <Table.Th ta="right">Parameters</Table.Th>
          <Table.Th ta="right">Score</Table.Th>
          <Table.Th>SHA-256</Table.Th>
          <Table.Th>Download</Table.Th>
          <Table.Th>
            <span className="sr-only">Try</span>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {trained.map((row) => {
          const of = `${nameOf(row)} of run ${row.run.number}`
          const [artifact] = row.artifacts
          return (
            <Table.Tr key={row.id}>
              <Table.Td>
                <CompareBox
                  of={of}
                  isChosen={chosen.includes(row.id)}
                  isFull={chosen.length >= MAX_COMPARED}
                  onChange={(isChosen) => onChoose(row.id, isChosen)}
                />
              </Table.Td>
              <Table.Td>
                <span className="inline-flex items-center gap-2">
                  <Link href={`${base}/models/${row.id}`} className="row-link">
                    {nameOf(row)}
                  </Link>
                  <AliasMarks aliases={row.aliases} />
                </span>
                <Text size="xs" c="dimmed">
                  {noteOf(row)}
                </Text>
              </Table.Td>
              <Table.Td>
                <TextLink href={`${base}/runs/${row.run.number}`} size="sm">
                  Run {row.run.number}
                </TextLink>
              </Table.Td>
              <Table.Td>{row.run.datasetVersion.dataset.name}</Table.Td>
              <Table.Td ta="right">{formatParameters(row.parameters)}</Table.Td>
              <Table.Td ta="right">{scoreWords(row)}</Table.Td>
              <Table.Td>{artifact && <HashValue sha256={artifact.sha256} of={of} />}</Table.Td>
              <Table.Td>
                <DownloadButton id={row.id} of={of} artifact={artifact} />
              </Table.Td>
              <Table.Td>
                <TextLink href={`${base}/runs/${row.run.number}/try`} size="sm" aria-label={`Try ${of}`}>
                  Try it
                </TextLink>
              </Table.Td>
            </Table.Tr>
          )
        })}
      </Table.Tbody>
    </TableFrame>
  )
}

interface CompareBoxProps {
  /** The row's name, for the checkbox's accessible label. */
  of: string
  isChosen: boolean
  /** Whether the maximum number is selected. */
  isFull: boolean
  onChange: (isChosen: boolean) => void
}

function CompareBox({ of, isChosen, isFull, onChange }: CompareBoxProps) {
  const isBarred = isFull && !isChosen
  return (
    <Tooltip label={`Up to ${MAX_COMPARED} can be compared; untick one first`} disabled={!isBarred}>
      <span>
        <Checkbox
          aria-label={isBarred ? `Compare ${of}: ${MAX_COMPARED} are chosen already` : `Compare ${of}`}
          checked={isChosen}
          disabled={isBarred}
          onChange={({ currentTarget }) => onChange(currentTarget.checked)}
        />
      </span>
    </Tooltip>
  )
}
