import type { ProblemFragment } from './generated/operations.ts'

interface FormLike {
  // biome-ignore lint/suspicious/noExplicitAny: Mantine types paths by the form's values; errors may have others
  setFieldError(path: any, message: string): void
}

/**
 * Shows each error of a payload beside the field that its path names.
 * @param fields the form's top-level fields
 * @returns the messages of errors that belong to none of the fields
 */
export function showFieldErrors(form: FormLike, errors: ProblemFragment[], fields: string[]): string[] {
  const general: string[] = []
  for (const { path, message } of errors) {
    if (path[0] !== undefined && fields.includes(path[0]))
      form.setFieldError(path.join('.'), besideField(path, message))
    else general.push(message)
  }
  return general
}

/** Removes the field's name from the start of a message shown beside the field. */
function besideField(path: string[], message: string): string {
  const name = path.at(-1)
  if (!message.startsWith(`${name}: `)) return message
  const rest = message.slice(`${name}: `.length)
  return rest.charAt(0).toUpperCase() + rest.slice(1)
}
