'use client'

import { SegmentedControl, Slider, Switch, Text } from '@mantine/core'

import type { ChartSettings } from './chart-settings.ts'

/** Display settings shared by all charts of a page. */
export function ChartControls(props: {
  settings: ChartSettings
  onChange: (settings: ChartSettings) => void
}) {
  const { settings, onChange } = props
  return (
    <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
      <div className="flex items-center gap-3">
        <Text size="sm">Smoothing</Text>
        <Slider
          w={130}
          min={0}
          max={0.98}
          step={0.02}
          label={(value) => value.toFixed(2)}
          value={settings.smoothing}
          onChange={(smoothing) => onChange({ ...settings, smoothing })}
          thumbLabel="Smoothing"
          thumbSize={18}
        />
        <Text size="sm" c="dimmed" className="numbers w-8">
          {settings.smoothing.toFixed(2)}
        </Text>
      </div>
      <Switch
        label="Logarithmic loss"
        checked={settings.logarithmic}
        onChange={(event) => onChange({ ...settings, logarithmic: event.currentTarget.checked })}
      />
      <SegmentedControl
        size="xs"
        aria-label="Horizontal axis"
        data={[
          { value: 'step', label: 'Steps' },
          { value: 'epoch', label: 'Epochs' },
        ]}
        value={settings.axis}
        onChange={(axis) => onChange({ ...settings, axis: axis as ChartSettings['axis'] })}
      />
    </div>
  )
}
