import type { ProblemFragment } from './generated/operations.ts'

interface FormLike {
  // biome-ignore lint/suspicious/noExplicitAny: Mantine types paths by the form's values, errors come with any path
  setFieldError(path: any, message: string): void
}

/**
 * Puts each error of a payload beside the field that its path names.
 * @param fields the form's top-level fields; an error elsewhere cannot be shown beside a field
 * @returns the messages that belong to no field
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

/** Beside its field a message need not begin with the field's name. */
function besideField(path: string[], message: string): string {
  const name = path.at(-1)
  if (!message.startsWith(`${name}: `)) return message
  const rest = message.slice(`${name}: `.length)
  return rest.charAt(0).toUpperCase() + rest.slice(1)
}
