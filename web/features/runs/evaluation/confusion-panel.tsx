'use client'

import { ActionIcon, Select, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconZoomIn, IconZoomOut } from '@tabler/icons-react'
import { type ReactNode, useMemo, useRef } from 'react'
import { countOf, formatCount, formatShare } from '../../../design/format-numbers.ts'
import { Panel } from '../../../design/panel.tsx'
import { type Cell, type ClassOrder, mistakesIn, totalsOf } from './confusion.ts'
import { ConfusionChart } from './confusion-chart.tsx'
import { MistakesTable } from './mistakes-table.tsx'
import { useConfusionView } from './use-confusion-view.ts'

/** Zoom level when showing a mistake: as many classes per side as there is room for names. */
const CLOSE = { wide: 20, narrow: 10 }

const orders: { value: ClassOrder; label: string }[] = [
  { value: 'DATASET', label: 'As in the dataset' },
  { value: 'MISTAKES', label: 'Most mistakes first' },
  { value: 'ALIKE', label: 'Confused classes together' },
]

interface Props {
  student: string
  names: string[]
  cells: Cell[]
  chooser: ReactNode
  /** Called for a cell whose images somebody wants to see. */
  onOpen: (cell: readonly [label: number, takenFor: number]) => void
}

/** A zoomable confusion matrix, and a table of all mistakes, most common first. */
export function ConfusionPanel({ student, names, cells, chooser, onOpen }: Props) {
  const mistakes = useMemo(() => mistakesIn(cells), [cells])
  const wrong = mistakes.reduce((sum, { count }) => sum + count, 0)
  const view = useConfusionView(names, cells, onOpen)
  const isNarrow = useMediaQuery('(max-width: 36em)')
  const frame = useRef<HTMLElement>(null)
  const showMistake = (mistake: Cell) => {
    const close = isNarrow ? CLOSE.narrow : CLOSE.wide
    view.choose(mistake.class, mistake.takenFor, Math.min(close, view.viewport.size))
    frame.current?.scrollIntoView({ block: 'nearest' })
  }
  return (
    <Panel
      title="Confusion matrix"
      note={`${student}: ${countOf(wrong, 'image')} predicted as another class`}
      actions={chooser}
    >
      <Controls view={view} classCount={names.length} />
      <section
        ref={frame}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move between its cells
        tabIndex={0}
        aria-label="Confusion matrix: arrow keys move, Enter shows the images, plus and minus zoom, 0 shows all"
        onKeyDown={view.onKeyDown}
      >
        <ConfusionChart
          matrix={view.matrix}
          label={describe(student, names, mistakes)}
          onSelect={view.onSelect}
        />
      </section>
      <Text size="sm" role="status" mih={22} className="numbers">
        {view.chosen ? (
          describeCell(names, cells, view.chosen)
        ) : (
          <Text span size="sm" c="dimmed">
            Darker cells hold a larger fraction of the class. Select a cell, or move with the arrow keys and
            press Enter, to see its images below.
          </Text>
        )}
      </Text>
      <MistakesTable names={names} cells={cells} mistakes={mistakes} onShow={showMistake} />
    </Panel>
  )
}

function Controls({ view, classCount }: { view: ReturnType<typeof useConfusionView>; classCount: number }) {
  const { viewport, sizes, zoom, order, reorder } = view
  const at = sizes.indexOf(viewport.size)
  return (
    <div className="mb-2 flex flex-wrap items-center gap-2">
      <Select
        aria-label="Order of the classes"
        size="xs"
        w={190}
        allowDeselect={false}
        data={orders}
        value={order}
        onChange={(value) => value && reorder(value as ClassOrder)}
      />
      <ActionIcon
        variant="default"
        aria-label="Show more classes"
        disabled={at <= 0}
        onClick={() => zoom(-1)}
      >
        <IconZoomOut size={16} />
      </ActionIcon>
      <ActionIcon
        variant="default"
        aria-label="Look closer"
        disabled={at >= sizes.length - 1}
        onClick={() => zoom(1)}
      >
        <IconZoomIn size={16} />
      </ActionIcon>
      <Text size="xs" c="dimmed" className="numbers">
        {viewport.size === classCount
          ? `All ${classCount} classes`
          : `${viewport.size} of ${classCount} classes a side`}
      </Text>
    </div>
  )
}

function describeCell(names: string[], cells: Cell[], [label, takenFor]: [number, number]): string {
  const total = totalsOf(cells).get(label) ?? 0
  const count = cells.find((cell) => cell.class === label && cell.takenFor === takenFor)?.count ?? 0
  const of = `${formatCount(count)} of ${countOf(total, 'image')} (${formatShare(total === 0 ? 0 : count / total)})`
  return label === takenFor
    ? `${names[label]} known: ${of}`
    : `${names[label]} taken for ${names[takenFor]}: ${of}`
}

function describe(student: string, names: string[], [worst]: Cell[]): string {
  const size = `${names.length} by ${names.length} classes`
  if (!worst) return `Confusion matrix of ${student}, ${size}, without a mistake.`
  return `Confusion matrix of ${student}, ${size}. Most common mistake: ${names[worst.class]} taken for ${names[worst.takenFor]}, ${countOf(worst.count, 'time')}. All mistakes are in the table below.`
}
