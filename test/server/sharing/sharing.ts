import { insertExperiment } from '../experiment-rows.ts'
import { insertFinishedRun } from '../rows.ts'
import { Api, type Person, type TestServer } from '../test-server.ts'

/** Everything that a shared link can tell. */
export const SHARED = `
  asksPassword expiresAt
  run {
    title status startedAt finishedAt recipe seed receiptUrl
    progress { step steps epoch epochs }
    dataset { name version kind classes splits { name count } }
    cohort {
      name teaching { method updateRule partnerRule temperature weight }
      students { name architecture lastScore bestScore }
    }
    metrics { student name steps values }
    evaluation { testCount meanPosteriorTop1 students { name architecture top1 } }
    retrieval { queryCount }
  }
  experiment {
    title conditions seeds notes
    dataset { name } progress { status runs succeeded }
    arms { name control students method }
    comparisons { arm inWords measure { name } }
    curves { arm condition steps means deviations seeds }
  }
  model {
    title isEnsemble parameters createdAt card dataset { name }
    scores { name value } files { format fileName byteLength sha256 url }
  }`

export interface Shared {
  id: string
  token: string
}

/** A link to a thing, made by a person. */
export async function share(by: Person, subjectId: string, input: object = {}): Promise<Shared> {
  const made = await by.api.mutate('createShareLink', { subjectId, ...input }, 'url shareLink { id }')
  if (made.errors.length > 0) throw new Error(JSON.stringify(made.errors))
  return { id: made.shareLink.id, token: String(made.url).split('/').at(-1)! }
}

/** Whatever is answered to somebody who is not signed in. */
export function open(server: TestServer, token: string, password?: string) {
  const query = `query ($token: String!, $password: String) { shared(token: $token, password: $password) { ${SHARED} } }`
  return new Api(server.url).send(query, { token, password })
}

export async function isOpen(server: TestServer, token: string): Promise<boolean> {
  const { data, errors } = await open(server, token)
  if (errors) throw new Error(JSON.stringify(errors))
  return data.shared !== null
}

/** A finished run with its models, and an experiment around it. */
export async function insertShareable(server: TestServer, owner: Person, bytes?: Buffer) {
  const made = await insertFinishedRun(server.database, server.storage, owner, bytes)
  const experimentId = await insertExperiment(server.database, owner, made)
  return { ...made, experimentId }
}
