'use client'

import { useQuery } from '@apollo/client/react'
import { NumberInput, Select, TextInput } from '@mantine/core'
import { ALIAS_LENGTH } from '../../../contract/limits.ts'
import { useUrlParameter } from '../../design/use-url-parameter.ts'
import { RegistryChoicesDocument } from '../../graphql/generated/operations.ts'
import { useTeam } from '../../team-scope.ts'

const kinds = [
  { value: 'STUDENT', label: 'Students' },
  { value: 'ENSEMBLE', label: 'Ensembles' },
]

/** Filters for the list of models, all kept in the URL. */
export function RegistryFilters() {
  const { team } = useTeam()
  const { data } = useQuery(RegistryChoicesDocument, { variables: { slug: team.slug } })
  const [dataset, setDataset] = useUrlParameter('dataset')
  const [architecture, setArchitecture] = useUrlParameter('architecture')
  const [kind, setKind] = useUrlParameter('kind')
  const [least, setLeast] = useUrlParameter('least')
  const [most, setMost] = useUrlParameter('most')
  const datasets = data?.team?.datasets.edges.map(({ node }) => ({ value: node.id, label: node.name })) ?? []
  const [alias, setAlias] = useUrlParameter('alias')
  const toText = (value: number | string) => (value === '' ? null : String(value))
  return (
    // biome-ignore lint/a11y/useSemanticElements: this is a search landmark
    <div
      role="search"
      aria-label="Filter models"
      className="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-6"
    >
      <Select
        label="Dataset"
        placeholder="Any"
        clearable
        searchable
        data={datasets}
        value={dataset}
        onChange={setDataset}
      />
      <Select
        label="Architecture"
        placeholder="Any"
        clearable
        searchable
        data={data?.architectures.map(({ name }) => name) ?? []}
        value={architecture}
        onChange={setArchitecture}
      />
      <Select label="Kind" placeholder="Both" clearable data={kinds} value={kind} onChange={setKind} />
      <NumberInput
        label="Score, at least"
        placeholder="Any"
        suffix=" %"
        min={0}
        max={100}
        hideControls
        value={least ?? ''}
        onChange={(value) => setLeast(toText(value))}
      />
      <NumberInput
        label="Parameters, at most"
        placeholder="Any"
        suffix=" M"
        min={0}
        hideControls
        value={most ?? ''}
        onChange={(value) => setMost(toText(value))}
      />
      <TextInput
        // Remounted when the URL changes, to update the uncontrolled input.
        key={alias}
        label="Alias"
        placeholder="Any"
        maxLength={ALIAS_LENGTH}
        defaultValue={alias ?? ''}
        onBlur={(event) => setAlias(event.currentTarget.value.trim())}
        onKeyDown={(event) => {
          if (event.key === 'Enter') setAlias(event.currentTarget.value.trim())
        }}
      />
    </div>
  )
}
