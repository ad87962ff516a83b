import { Select, Text } from '@mantine/core'
import { Disclosure } from '../../design/disclosure.tsx'
import { Panel } from '../../design/panel.tsx'
import type { NetworksQuery } from '../../graphql/generated/operations.ts'
import { groupByFamily } from './architecture-families.ts'
import { type Network, NetworkTable } from './network-table.tsx'

interface Props {
  networks: readonly Network[]
  datasets: NonNullable<NetworksQuery['team']>['datasets']['nodes']
  datasetVersionId: string | null
  onChooseVersion: (id: string | null) => void
  isFull: boolean
  onAdd: (architecture: string) => void
}

/** What students can be, with sizes and scores on a dataset of choice. */
export function NetworksPanel(props: Props) {
  const { networks, datasets, datasetVersionId, onChooseVersion, isFull, onAdd } = props
  const choices = datasets.flatMap(({ name, latestReadyVersion: version }) =>
    version ? [{ value: version.id, label: name }] : [],
  )
  const dataset = choices.find(({ value }) => value === datasetVersionId)?.label ?? null
  return (
    <Panel
      title="Networks"
      note={
        dataset
          ? `As they would be on ${dataset}, and what runs of the team say about them`
          : 'As they would be on coloured images of 32 × 32 pixels and 10 classes'
      }
      actions={
        choices.length > 0 && (
          <Select
            aria-label="Dataset that sizes and scores are of"
            placeholder="For a dataset"
            size="xs"
            w={220}
            clearable
            searchable
            data={choices}
            value={dataset === null ? null : datasetVersionId}
            onChange={onChooseVersion}
          />
        )
      }
    >
      <NetworkTable networks={networks} dataset={dataset} isFull={isFull} onAdd={onAdd} />
      <div className="mt-4">
        <Disclosure label="About the families">
          <dl className="m-0 flex flex-col gap-3">
            {groupByFamily(networks).map(({ title, description }) => (
              <div key={title}>
                <dt className="text-sm font-medium">{title}</dt>
                <Text component="dd" size="sm" c="dimmed" m={0}>
                  {description}
                </Text>
              </div>
            ))}
          </dl>
        </Disclosure>
      </div>
    </Panel>
  )
}
