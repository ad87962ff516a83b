import { Anchor, Table } from '@mantine/core'
import { Facts } from '../../design/facts.tsx'
import { formatBytes, formatParameters, formatShare } from '../../design/format-numbers.ts'
import { formatInstant } from '../../design/format-time.ts'
import { PageHeader } from '../../design/page-header.tsx'
import { Panel } from '../../design/panel.tsx'
import { TableFrame } from '../../design/table-frame.tsx'
import type { SharedModelPartsFragment } from '../../graphql/generated/operations.ts'
import { HashValue } from '../models/hash-value.tsx'
import { ModelCard } from '../models/model-card.tsx'
import { formatWords } from '../models/trained-words.ts'
import { describeSharedDataset } from './dataset-words.ts'

/** A model as it is shared: its scores and its card, and its files where the link was made with them. */
export function SharedModel({ model }: { model: SharedModelPartsFragment }) {
  const { title, dataset, parameters, createdAt, scores, card, files } = model
  return (
    <>
      <PageHeader title={title} note={`Trained on ${describeSharedDataset(dataset)}`} />
      <div className="flex flex-col gap-6">
        <Panel title="Scores">
          <Facts
            facts={[
              ...scores.map(({ name, value }) => [name, formatShare(value)] as const),
              ['Parameters', formatParameters(parameters)],
              ['Stored', formatInstant(createdAt)],
            ]}
          />
        </Panel>
        {files.length > 0 && <SharedFiles files={files} />}
        {card && <ModelCard card={card} />}
      </div>
    </>
  )
}

function SharedFiles({ files }: Pick<SharedModelPartsFragment, 'files'>) {
  return (
    <Panel title="Files" note="Zips with the model, its card and a runnable example" flush>
      <TableFrame label="Files" minWidth={480}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Format</Table.Th>
            <Table.Th>SHA-256</Table.Th>
            <Table.Th>Download</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {files.map(({ format, fileName, byteLength, sha256, url }) => (
            <Table.Tr key={format}>
              <Table.Td>{formatWords[format]}</Table.Td>
              <Table.Td>
                <HashValue sha256={sha256} of={fileName} />
              </Table.Td>
              <Table.Td>
                <Anchor href={url} download size="sm">
                  {fileName}, {formatBytes(byteLength)}
                </Anchor>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </TableFrame>
    </Panel>
  )
}
