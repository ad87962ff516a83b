import { SegmentedControl, Select, Text } from '@mantine/core'
import { type HeatChoice, PATCHES, type PatchSize } from './use-heat-choice.ts'

/** @param targetLabel above the choice of what the map is of */
export function HeatChoices({ choice, targetLabel }: { choice: HeatChoice; targetLabel: string }) {
  const { able, student, setStudent, targets, target, setTarget, size, setSize } = choice
  return (
    <div className="mb-4 flex flex-wrap items-end gap-3">
      <Select
        label="Student"
        size="xs"
        w={160}
        allowDeselect={false}
        data={able.map(({ id, name }) => ({ value: id, label: name }))}
        value={student?.id ?? null}
        onChange={setStudent}
      />
      <Select
        label={targetLabel}
        size="xs"
        w={220}
        searchable
        allowDeselect={false}
        limit={100}
        data={targets.map(({ value, label }) => ({ value, label }))}
        value={target?.value ?? null}
        onChange={setTarget}
      />
      <div>
        <Text size="xs" fw={500} mb={3} aria-hidden>
          Patch
        </Text>
        <SegmentedControl
          aria-label="Size of the patch"
          size="xs"
          data={Object.keys(PATCHES)}
          value={size}
          onChange={(value) => setSize(value as PatchSize)}
        />
      </div>
    </div>
  )
}
