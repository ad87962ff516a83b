export interface ChartSettings {
  /** From 0 to 0.98. */
  smoothing: number
  logarithmic: boolean
  axis: 'step' | 'epoch'
  /** Labels of hidden lines. */
  hidden: readonly string[]
}

export const DEFAULT_CHART_SETTINGS: ChartSettings = {
  smoothing: 0.6,
  logarithmic: false,
  axis: 'step',
  hidden: [],
}

const MAX_SMOOTHING = 0.98

/** Reads settings from URL parameters; missing or invalid ones get their defaults. */
export function readChartSettings(parameters: URLSearchParams): ChartSettings {
  const smoothing = Number(parameters.get('smoothing') ?? Number.NaN)
  const isSmoothing = smoothing >= 0 && smoothing <= MAX_SMOOTHING
  return {
    smoothing: isSmoothing ? smoothing : DEFAULT_CHART_SETTINGS.smoothing,
    logarithmic: parameters.get('scale') === 'log',
    axis: parameters.get('axis') === 'epoch' ? 'epoch' : 'step',
    hidden: parameters.getAll('hide'),
  }
}

/** Adds settings to URL parameters, keeping unrelated ones; default values are omitted. */
export function writeChartSettings(parameters: URLSearchParams, settings: ChartSettings): URLSearchParams {
  const written = new URLSearchParams(parameters)
  const put = (name: string, value: string | null) =>
    value === null ? written.delete(name) : written.set(name, value)
  const isUsual = settings.smoothing === DEFAULT_CHART_SETTINGS.smoothing
  put('smoothing', isUsual ? null : String(settings.smoothing))
  put('scale', settings.logarithmic ? 'log' : null)
  put('axis', settings.axis === 'epoch' ? 'epoch' : null)
  written.delete('hide')
  for (const label of settings.hidden) written.append('hide', label)
  return written
}

/** Hides a line, or shows it again. */
export function toggleLine(settings: ChartSettings, label: string): ChartSettings {
  const others = settings.hidden.filter((hidden) => hidden !== label)
  return { ...settings, hidden: others.length < settings.hidden.length ? others : [...others, label] }
}
