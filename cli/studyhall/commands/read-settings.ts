import { usageError } from '../outcome.ts'

/** Values for keys of a recipe: `epochs=3`, as JSON or as text. */
export function readSettings(settings: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    settings.map((setting) => {
      const equals = setting.indexOf('=')
      if (equals < 1) throw usageError(`--set ${setting}: write key=value, for example epochs=3.`)
      return [setting.slice(0, equals), readValue(setting.slice(equals + 1))]
    }),
  )
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
