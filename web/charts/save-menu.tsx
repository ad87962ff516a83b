'use client'

import { ActionIcon, Menu, Tooltip, useComputedColorScheme } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconDownload } from '@tabler/icons-react'
import type { Line } from './chart-data.ts'
import { type ChartPicture, chartSvg } from './chart-svg.ts'
import { saveCsv } from './save-csv.ts'
import { saveFile } from './save-file.ts'
import { savePng } from './save-png.ts'

interface Props {
  /** What is shown, as a picture has it. */
  picture: Omit<ChartPicture, 'scheme'>
  /** All that was measured, as a table has it. */
  lines: readonly Line[]
  fileName: string
}

/** A chart as a file: as a picture as it is shown, or with every point. */
export function SaveMenu({ picture, lines, fileName }: Props) {
  const scheme = useComputedColorScheme('light')
  const svg = () => chartSvg({ ...picture, scheme })
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Tooltip label="Save">
          <ActionIcon aria-label={`Save ${picture.title}`}>
            <IconDownload size={17} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void savePng(fileName, svg()).catch(tellOfNoPng)}>As PNG</Menu.Item>
        <Menu.Item onClick={() => saveFile(`${fileName}.svg`, new Blob([svg()], { type: 'image/svg+xml' }))}>
          As SVG
        </Menu.Item>
        <Menu.Item onClick={() => saveCsv(fileName, lines)}>As CSV, every point</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function tellOfNoPng(): void {
  notifications.show({
    color: 'red',
    title: 'The chart was not saved',
    message: 'This browser could not draw it as a PNG. Save it as SVG, which has everything.',
  })
}
