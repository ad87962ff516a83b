import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { Cohort } from '../../contract/cohort.ts'
import { Licence, MOST_FROZEN_EPOCHS } from '../../contract/starting-weights.ts'
import { GivenWeightsError } from '../../workers/engine/given/given-weights.ts'
import { prepareStart } from '../../workers/engine/given/prepare-start.ts'
import { UsageError } from './usage-error.ts'

export interface WantedStarts {
  /** A file for each student, or null for one whose weights the seed draws. */
  files: (string | null)[]
  frozenEpochs: number
  licence: string | null
}

export interface RawStarts {
  start: string[]
  freeze: string
  startLicence?: string
}

/** @throws UsageError */
export function readStarts({ start, freeze, startLicence }: RawStarts, students: number): WantedStarts {
  const files = new Array<string | null>(students).fill(null)
  for (const written of start) {
    const [, number, file] = /^(\d+)=(.+)$/s.exec(written) ?? []
    if (number === undefined) {
      files.fill(written)
      continue
    }
    if (Number(number) < 1 || Number(number) > students)
      throw new UsageError(`--start ${written}: there are students 1 to ${students}.`)
    files[Number(number) - 1] = file ?? null
  }
  const frozenEpochs = Number(freeze)
  if (!Number.isInteger(frozenEpochs) || frozenEpochs < 0 || frozenEpochs > MOST_FROZEN_EPOCHS)
    throw new UsageError(`--freeze ${freeze}: write a number of epochs, 0 to ${MOST_FROZEN_EPOCHS}.`)
  if (start.length === 0 && (frozenEpochs > 0 || startLicence !== undefined))
    throw new UsageError('--freeze and --start-licence are about the weights of --start, which is missing.')
  const licence = z.nullable(Licence).safeParse(startLicence ?? null)
  if (!licence.success) throw new UsageError(`--start-licence: ${licence.error.issues[0]?.message}.`)
  return { files, frozenEpochs, licence: licence.data }
}

export interface StartedCohort {
  cohort: Cohort
  /** Of the weights under our names, by hash. */
  blobPaths: Record<string, string>
  lines: string[]
}

/** Reads the files, and writes what was made of them to `folder`. @throws UsageError with a sentence about a file */
export async function addStarts(
  cohort: Cohort,
  wanted: WantedStarts,
  folder: string,
): Promise<StartedCohort> {
  const blobPaths: Record<string, string> = {}
  const lines = new Set<string>()
  const students = []
  for (const [k, student] of cohort.students.entries()) {
    const file = wanted.files[k]
    if (!file) {
      students.push(student)
      continue
    }
    const { start, content, lines: told } = await prepare(file, student.architecture, wanted)
    const location = path.resolve(folder, `${start.sha256}.safetensors`)
    await writeFile(location, content)
    blobPaths[start.sha256] = location
    for (const line of told) lines.add(line)
    students.push({ ...student, start })
  }
  const checked = Cohort.safeParse({ ...cohort, students })
  if (!checked.success) throw new UsageError(`--start: ${checked.error.issues[0]?.message}.`)
  return { cohort: checked.data, blobPaths, lines: [...lines] }
}

async function prepare(file: string, architecture: string, wishes: WantedStarts) {
  try {
    return await prepareStart(file, architecture, wishes)
  } catch (error) {
    throw error instanceof GivenWeightsError ? new UsageError(`--start ${error.message}`) : error
  }
}
