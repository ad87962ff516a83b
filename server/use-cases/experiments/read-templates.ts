import { readFile } from 'node:fs/promises'
import { ExperimentFile, readDesign } from '../../../experiments/design/experiment-file.ts'
import { sharedOrders, trialsOf } from '../../../experiments/design/trials.ts'

/** In the order in which the form offers them: those that take minutes, and ship with their data, first. */
const NAMES = [
  'paper/table-4-small',
  'paper/table-2-small',
  'paper/figure-2-small',
  'label-noise',
  'retrieval',
  'paper/table-4',
  'paper/table-2',
  'paper/figure-2',
] as const

const FOLDER = new URL('../../../experiments/', import.meta.url)

/** An experiment that ships; source of the schema's ExperimentTemplate. */
export interface ExperimentTemplate {
  name: string
  title: string
  data: NonNullable<ExperimentFile['data']>
  seeds: number
  runs: number
  /** Without its subset, which the service takes by an edit of the dataset. */
  file: ExperimentFile
}

let templates: Promise<ExperimentTemplate[]> | undefined

/** The experiments that ship, read once. */
export function readTemplates(): Promise<ExperimentTemplate[]> {
  templates ??= Promise.all(NAMES.map(readTemplate))
  return templates
}

async function readTemplate(name: string): Promise<ExperimentTemplate> {
  const content: unknown = JSON.parse(await readFile(new URL(`${name}.json`, FOLDER), 'utf8'))
  const file = { ...ExperimentFile.parse(content), subset: null }
  if (!file.data) throw new Error(`experiments/${name}.json does not say which data it is for`)
  const runs = sharedOrders(trialsOf(readDesign(file))).length
  return { name, title: file.title, data: file.data, seeds: file.seeds.length, runs, file }
}
