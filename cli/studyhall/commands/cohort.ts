import { teachingOf } from '../../../contract/cohort.ts'
import { describeAdditions } from '../../../contract/recipes/describe-teaching.ts'
import type { CohortPartsFragment } from '../api/generated/operations.ts'
import { textTable } from '../show/text-table.ts'
import { JSON_OPTION, type Register } from './context.ts'
import { createCohort, readCohortFile } from './ensure-cohort.ts'
import { findCohort, listCohorts } from './find.ts'

export const registerCohort: Register = (program, { open, result }) => {
  const cohort = program.command('cohort').description('cohorts: list, show, create')

  cohort
    .command('list')
    .description('the team’s cohorts, newest first')
    .option(...JSON_OPTION)
    .action(async ({ json }: { json?: boolean }) => {
      const all = await listCohorts(await open())
      const rows = all.map(({ id, name, students, teaching }) => [
        id,
        name,
        teaching.method.toLowerCase(),
        students.map(({ architecture }) => architecture).join(', '),
      ])
      result(json, all, textTable(['id', 'name', 'teaching', 'students'], rows))
    })

  cohort
    .command('show')
    .description('a cohort’s students and teaching')
    .argument('<cohort>', 'name or id')
    .option(...JSON_OPTION)
    .action(async (text: string, { json }: { json?: boolean }) => {
      const found = await findCohort(await open(), text)
      result(json, found, describeCohort(found))
    })

  cohort
    .command('create')
    .description(
      'creates a cohort from a JSON file: {"name", "students": [{"name", "architecture", "startModelId" or "startWeightsId"}], "teaching"}',
    )
    .argument('<file>', 'JSON file')
    .option(...JSON_OPTION)
    .action(async (file: string, { json }: { json?: boolean }) => {
      const input = await readCohortFile(file)
      const created = await createCohort(await open(), input)
      result(json, created, `${created.id}  “${created.name}”\n`)
    })
}

function describeCohort({ id, name, students, teaching }: CohortPartsFragment): string {
  const { method, updateRule, partnerRule, temperature, weight, divergence, featureWeight } = teaching
  const more = describeAdditions(teachingOf(teaching))
    .map((phrase) => `, ${phrase}`)
    .join('')
  const rows = students.map((student) => [
    student.name,
    student.architecture,
    student.finishedModel
      ? `finished: ${student.finishedModel.id}`
      : student.start
        ? `begins with ${student.start.name}`
        : '',
  ])
  return `${name} (${id})
${method.toLowerCase()}, ${updateRule.toLowerCase()}, partners: ${partnerRule.toLowerCase()}, temperature ${temperature}, weight ${weight}, divergence: ${divergence.toLowerCase()}, weight of features ${featureWeight}${more}
${textTable(['student', 'architecture', ''], rows)}`
}
