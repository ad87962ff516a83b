'use client'

import { Button, SegmentedControl, Slider, Switch, Text } from '@mantine/core'
import { IconZoomReset } from '@tabler/icons-react'
import type { ChartAxis, ChartLines, ChartSettings } from './chart-settings.ts'

interface Props {
  settings: ChartSettings
  onChange: (settings: ChartSettings) => void
  /** What lines there are to choose from; without it there is no choice. */
  lines?: { value: ChartLines; label: string }[]
}

/** Display settings shared by all charts of a page. */
export function ChartControls({ settings, onChange, lines }: Props) {
  const change = (changes: Partial<ChartSettings>) => onChange({ ...settings, ...changes })
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
          onChange={(smoothing) => change({ smoothing })}
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
        onChange={(event) => change({ logarithmic: event.currentTarget.checked })}
      />
      <Switch
        label="Ignore outliers"
        title="Scales the axis without values more than three interquartile ranges beyond the quartiles"
        checked={settings.withoutOutliers}
        onChange={(event) => change({ withoutOutliers: event.currentTarget.checked })}
      />
      <SegmentedControl
        size="xs"
        aria-label="Horizontal axis"
        data={[
          { value: 'step', label: 'Steps' },
          { value: 'epoch', label: 'Epochs' },
          { value: 'time', label: 'Time' },
        ]}
        value={settings.axis}
        // A part of one axis means nothing on another.
        onChange={(axis) => change({ axis: axis as ChartAxis, zoom: null })}
      />
      {lines && (
        <SegmentedControl
          size="xs"
          aria-label="Lines"
          data={lines}
          value={lines.some(({ value }) => value === settings.lines) ? settings.lines : 'each'}
          onChange={(value) => change({ lines: value as ChartLines })}
        />
      )}
      {settings.zoom && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconZoomReset size={14} />}
          onClick={() => change({ zoom: null })}
        >
          Reset zoom
        </Button>
      )}
    </div>
  )
}
