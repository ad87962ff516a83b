// Explains what to do about a database of a version before 0.2, from which there is no upgrade path.

import { externalDatabaseUrl } from '../settings.mjs'
import { placePostgres } from './place-postgres.mjs'

/**
 * Explains an OLDER_DATABASE error of `migrate` to users; undefined for any other error. `isEmbedded` says
 * whether it is the embedded database, whose data is in the folder `data`.
 */
export function explainOlderDatabase(
  error,
  {
    isEmbedded = externalDatabaseUrl === undefined,
    data = isEmbedded ? placePostgres().data : undefined,
  } = {},
) {
  if (error?.code !== 'OLDER_DATABASE') return undefined
  return [error.message, ...(isEmbedded ? beginAnew(data) : createAnew(error.place)), ...KEPT_FILES].join(
    '\n',
  )
}

const KEPT_FILES = [
  '  Files of datasets and models stay in the storage until a worker of this version removes those that its database does',
  '  not name, from a day after they were written: whoever wants to go back to the older version copies the storage, too.',
]

function beginAnew(data) {
  return [
    '  To begin with an empty database, put the old one aside:',
    '    npm run stop',
    `    mv ${quote(data)} ${quote(`${data}-before-0.2`)}`,
    '    npm run setup',
  ]
}

function createAnew({ host, port, user, database }) {
  const where = `--host=${quote(host)} --port=${port} --username=${quote(user)}`
  return [
    '  To begin with an empty database, stop every server and worker of this one, and then:',
    `    dropdb ${where} ${quote(database)}`,
    `    createdb ${where} ${quote(database)}`,
    '    npm run migrate',
    '  To keep the old one, create a database of another name instead of dropping it, and name that one in DATABASE_URL.',
  ]
}

/** Quotes text as a single shell word. */
function quote(text) {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
