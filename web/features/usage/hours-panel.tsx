'use client'

import { SegmentedControl, TextInput, useComputedColorScheme } from '@mantine/core'
import { useMemo, useState } from 'react'
import { ChartPanel } from '../../charts/chart-panel.tsx'
import type { DeviceHoursBy, DeviceHoursRowFragment } from '../../graphql/generated/operations.ts'
import { formatHours } from './quota-words.ts'
import { GROUPINGS, rangeOf, usageLines } from './usage-lines.ts'

interface Props {
  rows: readonly DeviceHoursRowFragment[]
  /** `2026-01` */
  month: string
  onMonth: (month: string) => void
  by: DeviceHoursBy
  onBy: (by: DeviceHoursBy) => void
  groupings: readonly DeviceHoursBy[]
}

/** Device hours of each day of a month, by whom or what; the chart’s own buttons give table and CSV. */
export function HoursPanel({ rows, month, onMonth, by, onBy, groupings }: Props) {
  const scheme = useComputedColorScheme('light')
  const [hidden, setHidden] = useState<string[]>([])
  const lines = useMemo(() => usageLines(rows, rangeOf(month).days, scheme), [rows, month, scheme])
  const toggle = (label: string) =>
    setHidden((now) => (now.includes(label) ? now.filter((one) => one !== label) : [...now, label]))
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-end gap-3">
        <TextInput
          label="Month"
          type="month"
          value={month}
          onChange={({ currentTarget }) =>
            /^\d{4}-\d{2}$/.test(currentTarget.value) && onMonth(currentTarget.value)
          }
        />
        <SegmentedControl
          aria-label="Device hours by"
          data={groupings.map((value) => ({ value, label: GROUPINGS[value] }))}
          value={by}
          onChange={(value) => onBy(value as DeviceHoursBy)}
        />
      </div>
      <ChartPanel
        title="Device hours a day"
        lines={lines}
        hidden={hidden}
        onToggle={toggle}
        view={{ smoothing: 0, logarithmic: false, stepsPerUnit: 1, unit: 'day' }}
        format={(hours) => (hours === null ? '–' : formatHours(hours))}
        formatAxis={(hours) => `${hours}`}
        syncKey="device hours"
        fileName={`device-hours-${month}-by-${by.toLowerCase()}`}
        emptyWords="Nothing was trained in this month"
      />
    </div>
  )
}
