import { showFieldErrors } from '../../graphql/form-errors.ts'

/**
 * Maps an error's path to the form's field: the form has teaching flattened, and the teacher outside the
 * students.
 */
function fieldPathOf(path: string[]): string[] {
  if (path[0] === 'teaching' && path.length > 1) return path.slice(1)
  return path.at(-1) === 'finishedModelId' ? ['finishedModelId'] : path
}

/**
 * Shows what the server says of a cohort beside the fields of its form.
 * @returns the messages of errors that have no field, such as those about the students as a whole
 */
export function placeErrors(
  form: Parameters<typeof showFieldErrors>[0],
  given: Parameters<typeof showFieldErrors>[1],
): string[] {
  const errors = given.map((error) => ({ ...error, path: fieldPathOf(error.path) }))
  const whole = errors.filter(({ path }) => path[0] === 'students' && path.length < 3)
  const others = errors.filter((error) => !whole.includes(error))
  const fields = [
    'name',
    'students',
    'finishedModelId',
    'method',
    'updateRule',
    'partnerRule',
    'temperature',
    'weight',
    'divergence',
    'featureWeight',
    'targetClassWeight',
    'otherClassesWeight',
    'standardizesLogits',
    'ensembleRule',
    'peerAverageDecay',
    'pausesLeader',
  ]
  return [...whole.map(({ message }) => message), ...showFieldErrors(form, others, fields)]
}
