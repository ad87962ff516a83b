export interface ChartSettings {
  /** 0 to 0.98. */
  smoothing: number
  logarithmic: boolean
  axis: 'step' | 'epoch'
  /** Labels of lines that are not drawn. */
  hidden: readonly string[]
}

export const DEFAULT_CHART_SETTINGS: ChartSettings = {
  smoothing: 0.6,
  logarithmic: false,
  axis: 'step',
  hidden: [],
}

const MAX_SMOOTHING = 0.98

/** The settings that a page's URL parameters stand for; what they do not say, or say wrongly, is as usual. */
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

/** The parameters with the settings in them, whatever else they hold; usual settings need none. */
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

/** The settings with a line hidden that was shown, or the other way round. */
export function toggleLine(settings: ChartSettings, label: string): ChartSettings {
  const others = settings.hidden.filter((hidden) => hidden !== label)
  return { ...settings, hidden: others.length < settings.hidden.length ? others : [...others, label] }
}
