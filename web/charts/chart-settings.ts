export const CHART_AXES = ['step', 'epoch', 'time'] as const
export type ChartAxis = (typeof CHART_AXES)[number]

/** EACH student or run, the MEAN of a run's students with its deviation, or that over runs that differ in their SEEDS only. */
export const CHART_LINES = ['each', 'mean', 'seeds'] as const
export type ChartLines = (typeof CHART_LINES)[number]

export interface ChartSettings {
  /** From 0 to 0.98. */
  smoothing: number
  logarithmic: boolean
  axis: ChartAxis
  lines: ChartLines
  /** Scales the y axis without values that lie far from all others. */
  withoutOutliers: boolean
  /** Labels of hidden lines. */
  hidden: readonly string[]
  /** The part of the x axis that is shown, in its unit; null for all of it. */
  zoom: readonly [number, number] | null
  /** Name of the chart that fills the screen. */
  full: string | null
}

export const DEFAULT_CHART_SETTINGS: ChartSettings = {
  smoothing: 0.6,
  logarithmic: false,
  axis: 'step',
  lines: 'each',
  withoutOutliers: false,
  hidden: [],
  zoom: null,
  full: null,
}

/** URL parameters of settings that hold for any run, not only for the one that is shown. */
export const LASTING_PARAMETERS = ['smoothing', 'scale', 'axis', 'lines', 'outliers', 'hide'] as const

const MAX_SMOOTHING = 0.98

/** Reads settings from URL parameters; missing or invalid ones get their defaults. */
export function readChartSettings(parameters: URLSearchParams): ChartSettings {
  const smoothing = Number(parameters.get('smoothing') ?? Number.NaN)
  const isSmoothing = smoothing >= 0 && smoothing <= MAX_SMOOTHING
  return {
    smoothing: isSmoothing ? smoothing : DEFAULT_CHART_SETTINGS.smoothing,
    logarithmic: parameters.get('scale') === 'log',
    axis: CHART_AXES.find((axis) => axis === parameters.get('axis')) ?? DEFAULT_CHART_SETTINGS.axis,
    lines: CHART_LINES.find((lines) => lines === parameters.get('lines')) ?? DEFAULT_CHART_SETTINGS.lines,
    withoutOutliers: parameters.get('outliers') === 'off',
    hidden: parameters.getAll('hide'),
    zoom: readZoom(parameters.get('zoom')),
    full: parameters.get('full') || null,
  }
}

/** No run has more steps or seconds; over more, an axis would have ticks by the million. */
const MAX_POSITION = 1e9
/** Of its upper end: a narrower part has fewer digits of its own than a number has. */
const LEAST_ZOOM_SHARE = 1e-6

/** `100~2500`: a decimal's minus sign and exponent leave few other signs. */
function readZoom(text: string | null): readonly [number, number] | null {
  const [from, to, ...others] = (text ?? '')
    .split('~')
    .map((part) => (part === '' ? Number.NaN : Number(part)))
  if (from === undefined || to === undefined || others.length > 0) return null
  const isShowable = from >= 0 && to <= MAX_POSITION && to - from >= LEAST_ZOOM_SHARE * to && from < to
  return isShowable ? [from, to] : null
}

/** Adds settings to URL parameters, keeping unrelated ones; default values are omitted. */
export function writeChartSettings(parameters: URLSearchParams, settings: ChartSettings): URLSearchParams {
  const written = new URLSearchParams(parameters)
  const usual = DEFAULT_CHART_SETTINGS
  const put = (name: string, value: string | null) =>
    value === null ? written.delete(name) : written.set(name, value)
  put('smoothing', settings.smoothing === usual.smoothing ? null : String(settings.smoothing))
  put('scale', settings.logarithmic ? 'log' : null)
  put('axis', settings.axis === usual.axis ? null : settings.axis)
  put('lines', settings.lines === usual.lines ? null : settings.lines)
  put('outliers', settings.withoutOutliers ? 'off' : null)
  put('zoom', settings.zoom?.join('~') ?? null)
  put('full', settings.full)
  written.delete('hide')
  for (const label of settings.hidden) written.append('hide', label)
  return written
}

/** Hides a line, or shows it again. */
export function toggleLine(settings: ChartSettings, label: string): ChartSettings {
  const others = settings.hidden.filter((hidden) => hidden !== label)
  return { ...settings, hidden: others.length < settings.hidden.length ? others : [...others, label] }
}
