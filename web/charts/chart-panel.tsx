'use client'

import { ActionIcon, Modal, Tooltip } from '@mantine/core'
import { useDisclosure, useViewportSize } from '@mantine/hooks'
import { IconMaximize, IconTable, IconZoomReset } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { Panel } from '../design/panel.tsx'
import { ChartFigure, type FigureProps, isEmpty } from './chart-figure.tsx'
import { ChartTable } from './chart-table.tsx'
import { SaveMenu } from './save-menu.tsx'

const HEIGHT_PX = 250
/** What a full screen has besides the chart: title, controls and legend. */
const AROUND_PX = 230

interface Props extends Omit<FigureProps, 'zoom' | 'onZoom'> {
  fileName: string
  /** Where it is kept; the panel keeps it itself if omitted. */
  zoom?: FigureProps['zoom']
  onZoom?: FigureProps['onZoom']
  isFull?: boolean
  onFull?: (isFull: boolean) => void
  note?: ReactNode
  /** Shown above the chart on the full screen. */
  controls?: ReactNode
  /** Show them in the panel, too. */
  controlsShown?: boolean
}

/** A chart with its legend, its data as a table or a file, and itself on the full screen. */
export function ChartPanel({ fileName, note, controls, controlsShown = false, ...props }: Props) {
  const [ownZoom, setOwnZoom] = useState<FigureProps['zoom']>(null)
  const [ownFull, setOwnFull] = useState(false)
  const [tableShown, { toggle }] = useDisclosure(false)
  const { height } = useViewportSize()
  const { title, lines, hidden, view, format, formatAxis } = props
  const { zoom = ownZoom, onZoom = setOwnZoom, isFull = ownFull, onFull = setOwnFull } = props
  const figure = { ...props, zoom, onZoom }
  const empty = isEmpty(lines)
  const shown = lines.filter(({ label }) => !hidden.includes(label))
  const actions = (
    <>
      {zoom && (
        <IconAction
          label="Show all of the axis"
          of={title}
          icon={IconZoomReset}
          onClick={() => onZoom(null)}
        />
      )}
      {!empty && (
        <SaveMenu
          picture={{ title, lines: shown, view, zoom, formatY: formatAxis }}
          lines={lines}
          fileName={fileName}
        />
      )}
    </>
  )
  return (
    <Panel
      title={title}
      note={note}
      actions={
        <>
          {actions}
          <IconAction label="Full screen" of={title} icon={IconMaximize} onClick={() => onFull(true)} />
          <Tooltip label={tableShown ? 'Hide the table' : 'Show as a table'}>
            <ActionIcon
              aria-label={`${title} as a table`}
              aria-expanded={tableShown}
              variant={tableShown ? 'light' : 'subtle'}
              onClick={toggle}
            >
              <IconTable size={17} />
            </ActionIcon>
          </Tooltip>
        </>
      }
    >
      {controlsShown && <div className="mb-4 flex">{controls}</div>}
      <ChartFigure {...figure} height={HEIGHT_PX} />
      {tableShown && <ChartTable lines={lines} title={title} format={format} />}
      <Modal
        opened={isFull}
        onClose={() => onFull(false)}
        fullScreen
        title={title}
        closeButtonProps={{ 'aria-label': 'Leave the full screen' }}
      >
        <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
          {controls}
          <div className="flex gap-2">{actions}</div>
        </div>
        <ChartFigure {...figure} height={Math.max(HEIGHT_PX, height - AROUND_PX)} />
      </Modal>
    </Panel>
  )
}

interface ActionProps {
  label: string
  /** The chart's title, which tells apart what the screen shows in many panels. */
  of: string
  icon: typeof IconTable
  onClick: () => void
}

function IconAction({ label, of, icon: Icon, onClick }: ActionProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={`${label}: ${of}`} onClick={onClick}>
        <Icon size={17} />
      </ActionIcon>
    </Tooltip>
  )
}
