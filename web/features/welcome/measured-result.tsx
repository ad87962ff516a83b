'use client'

import { Table, Text, Title } from '@mantine/core'
import { ForestPlot } from '../../charts/forest-plot.tsx'
import { CopyValue } from '../../design/copy-value.tsx'
import { formatCount } from '../../design/format-numbers.ts'
import { TableFrame } from '../../design/table-frame.tsx'
import result from './recorded/result.json'

const COMMAND = 'npm run experiment -- experiments/label-noise.json --data cifar10-images.zip'

/** What students gain from each other, as it was measured, with what could not be shown. */
export function MeasuredResult() {
  const { images, rows, seeds } = result
  const inPoints = rows.flatMap(({ label, unit, mean, interval, seeds }) =>
    unit === 'PERCENT'
      ? [
          {
            ...{ key: label, label: label.replace(', %', ''), mean: 100 * mean },
            interval: [100 * interval.low, 100 * interval.high] as const,
            seeds: seeds.map(({ seed, value }) => ({ seed, value: 100 * value, href: undefined })),
          },
        ]
      : [],
  )
  return (
    <section aria-labelledby="measured">
      <Title order={2} id="measured" className="!text-2xl">
        What they gain from each other
      </Title>
      <Text c="dimmed" mt={6} maw={720}>
        Two ResNet-14 on {formatCount(images.train)} images of CIFAR-10, each alone and both teaching each
        other, with the same initial weights and the same batches: {seeds} seeds, paired, with 95 % intervals.
        “Gain” is said only where the interval excludes 0.
      </Text>
      <div className="mt-5 grid items-start gap-x-8 gap-y-6 lg:grid-cols-[2fr_1fr]">
        <div className="overflow-hidden rounded-xl border border-[var(--line)] bg-[var(--surface)]">
          <TableFrame label="What was measured" minWidth={520} horizontalSpacing={16}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Average student</Table.Th>
                <Table.Th>Verdict</Table.Th>
                <Table.Th ta="right">Alone</Table.Th>
                <Table.Th ta="right">Mutual</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map(({ label, alone, mutual, verdict, words, seedsBetter }) => (
                <Table.Tr key={label}>
                  <Table.Td>{label}</Table.Td>
                  <Table.Td>
                    <Text size="sm" fw={verdict === 'GAIN' ? 600 : undefined}>
                      {words}
                    </Text>
                    <Text size="sm" c="dimmed">
                      better with {seedsBetter} seeds
                    </Text>
                  </Table.Td>
                  {[alone, mutual].map((figure) => (
                    <Table.Td key={figure} ta="right" className="whitespace-nowrap">
                      {figure}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </TableFrame>
        </div>
        <ForestPlot rows={inPoints} unit="mutual − alone, points" format={(value) => String(value)} />
      </div>
      <div className="mt-3 flex flex-wrap items-center gap-x-1 text-sm text-[var(--mantine-color-dimmed)]">
        Measured by <code className="break-all">{COMMAND}</code>
        <CopyValue value={COMMAND} label="Copy the command" />
      </div>
    </section>
  )
}
