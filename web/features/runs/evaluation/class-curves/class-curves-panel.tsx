'use client'

import { MultiSelect, Select, Skeleton, useComputedColorScheme } from '@mantine/core'
import { useMemo } from 'react'
import { isEnded } from '../../../../../contract/runs/run-states.ts'
import { ChartPanel } from '../../../../charts/chart-panel.tsx'
import { type ChartSettings, toggleLine } from '../../../../charts/chart-settings.ts'
import { secondsAt } from '../../../../charts/run-clock.ts'
import { ErrorNotice } from '../../../../design/error-notice.tsx'
import { formatShare } from '../../../../design/format-numbers.ts'
import { useUrlParameter } from '../../../../design/use-url-parameter.ts'
import type { RunFeed } from '../../live/run-feed.ts'
import { classCurveLines } from './class-curve-lines.ts'
import { ENSEMBLE, MAX_CLASSES, readClasses, readStudent, writeClasses } from './class-curves-choice.ts'
import { useClassCurves, useClassNames } from './use-class-curves.ts'

interface Props {
  feed: RunFeed
  settings: ChartSettings
  onChange: (settings: ChartSettings) => void
}

/** How classes were learned: the recall of some at every evaluation, of one student or of the ensemble. */
export function ClassCurvesPanel(props: Props) {
  const names = useClassNames(props.feed.run.id)
  return names ? <Curves {...props} names={names} /> : <Skeleton height={380} />
}

function Curves({ feed, settings, onChange, names }: Props & { names: readonly string[] }) {
  const { run } = feed
  const scheme = useComputedColorScheme('light')
  const [whose, setWhose] = useUrlParameter('of')
  const [listed, setListed] = useUrlParameter('classes')
  const student = readStudent(whose, run.students.length)
  const classes = useMemo(() => readClasses(listed, names.length), [listed, names])
  const evaluations = feed.curves.find(({ name }) => name === 'testTop1')?.steps.length ?? 0
  const { curves, isLoading, error, refetch } = useClassCurves(
    { runId: run.id, student, classes },
    evaluations,
  )
  const { axis } = settings
  const lines = useMemo(() => {
    const xs = axis === 'time' && curves ? secondsAt(feed.clock, curves.steps) : undefined
    return curves ? classCurveLines(curves, names, { scheme, ...(xs && { xs }) }) : []
  }, [curves, names, scheme, axis, feed.clock])
  const { steps, epochs } = run.progress
  const stepsPerUnit = axis === 'epoch' && steps ? steps / epochs : 1
  const view = useMemo(
    () => ({ smoothing: 0, logarithmic: false, stepsPerUnit, unit: axis }),
    [stepsPerUnit, axis],
  )
  if (error)
    return (
      <ErrorNotice
        title="The curves by class could not be loaded"
        error={error}
        onRetry={() => void refetch()}
      />
    )
  const ended = isEnded(run.status)
  return (
    <ChartPanel
      title="Recall by class"
      note="Share of a class’s test images that is recognized, at every evaluation"
      lines={lines}
      hidden={settings.hidden}
      onToggle={(label) => onChange(toggleLine(settings, label))}
      view={view}
      format={formatShare}
      formatAxis={(share) => `${Number((share * 100).toPrecision(3))} %`}
      syncKey={run.id}
      fileName={`run-${run.number}-classes`}
      emptyWords={isLoading ? 'Loading' : ended ? 'Not kept for this run' : 'Nothing measured yet'}
      zoom={settings.zoom}
      onZoom={(zoom) => onChange({ ...settings, zoom })}
      isFull={settings.full === 'classes'}
      onFull={(isFull) => onChange({ ...settings, full: isFull ? 'classes' : null })}
      controls={
        <div className="flex min-w-0 grow flex-wrap items-end gap-3">
          {run.students.length > 1 && (
            <Select
              label="Student"
              size="xs"
              w={170}
              allowDeselect={false}
              data={[
                ...run.students.map(({ student: { name, position } }) => ({
                  value: String(position),
                  label: name,
                })),
                { value: ENSEMBLE, label: 'The ensemble' },
              ]}
              value={student === null ? ENSEMBLE : String(student)}
              onChange={(value) => setWhose(value === '0' ? null : value)}
            />
          )}
          <MultiSelect
            label="Classes"
            size="xs"
            className="min-w-0 grow basis-64"
            searchable
            clearable
            limit={100}
            maxValues={MAX_CLASSES}
            hidePickedOptions
            placeholder={classes ? undefined : 'The 5 with the lowest recall'}
            nothingFoundMessage="No class is called so"
            data={names.map((label, index) => ({ value: String(index), label }))}
            value={(classes ?? []).map(String)}
            onChange={(chosen) => setListed(writeClasses(chosen.map(Number)))}
          />
        </div>
      }
      controlsShown
    />
  )
}
