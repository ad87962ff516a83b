/** What is read of a Dockerfile: as much of its language as ours speaks. Anything else is refused, not passed over. */
export interface Instruction {
  keyword: 'RUN' | 'COPY' | 'ENV' | 'WORKDIR' | 'USER' | 'HEALTHCHECK' | 'CMD'
  text: string
}

export interface Stage {
  name: string
  image: string
  instructions: Instruction[]
}

/** What tells others about an image and changes nothing in it. */
const SILENT = ['LABEL', 'EXPOSE', 'VOLUME']
const KEYWORDS: string[] = ['RUN', 'COPY', 'ENV', 'WORKDIR', 'USER', 'HEALTHCHECK', 'CMD']

/** @param args  as `--build-arg` gives them; others have the value that stands in the file */
export function readDockerfile(text: string, args: Record<string, string> = {}): Stage[] {
  const stages: Stage[] = []
  let known: Record<string, string> = {}
  const before: Record<string, string> = {}
  for (const line of linesOf(text)) {
    const [, keyword = '', rest = ''] = /^(\w+)\s+([\s\S]*)$/.exec(line) ?? []
    const stage = stages.at(-1)
    if (keyword === 'ARG') {
      const [name = '', value = ''] = rest.split('=')
      const given = args[name] ?? (before[name] || value)
      if (stage) known[name] = given
      else before[name] = given
    } else if (keyword === 'FROM') {
      const [, image = '', name = String(stages.length)] = /^(\S+)(?: AS (\S+))?$/i.exec(rest) ?? []
      known = {}
      stages.push({ name, image: substitute(image, before), instructions: [] })
    } else if (stage && KEYWORDS.includes(keyword))
      stage.instructions.push({
        keyword: keyword as Instruction['keyword'],
        text: keyword === 'ENV' ? substitute(rest, known) : rest,
      })
    else if (!SILENT.includes(keyword)) throw new Error(`Dockerfile: “${line}” is not understood.`)
  }
  return stages
}

/** Without comments, each instruction as one line. */
function linesOf(text: string): string[] {
  const kept = text.split('\n').filter((line) => !/^\s*(#|$)/.test(line))
  return kept
    .join('\n')
    .replace(/\\\n\s*/g, ' ')
    .split('\n')
}

function substitute(text: string, values: Record<string, string>): string {
  return text.replace(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`Dockerfile: ${name} has no value in “${text}”.`)
    return value
  })
}

/** `A=1 B="two words"` as a record. */
export function readVariables(text: string): Record<string, string> {
  const pairs = text.matchAll(/(\w+)=(?:"([^"]*)"|(\S*))/g)
  return Object.fromEntries([...pairs].map(([, name = '', quoted, bare = '']) => [name, quoted ?? bare]))
}

/** The words of CMD, and of HEALTHCHECK's, in their form as JSON. */
export function readCommand(text: string): string[] {
  const [json] = /\[.*\]$/s.exec(text) ?? []
  if (!json) throw new Error(`Dockerfile: “${text}” is no list of words.`)
  return JSON.parse(json) as string[]
}
