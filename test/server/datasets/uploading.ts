import { createHash, randomBytes } from 'node:crypto'
import { openPartialUploads } from '../../../server/blobs/open-partial-uploads.ts'
import type { Services } from '../../../server/services.ts'
import { collectOnce } from '../../../server/use-cases/uploads/collect-abandoned.ts'
import { UploadTurns } from '../../../server/use-cases/uploads/upload-turns.ts'
import type { Person, TestServer } from '../test-server.ts'

export const BYTES = randomBytes(300_000)
export const SHA256 = createHash('sha256').update(BYTES).digest('hex')
const FIELDS = 'upload { id url byteLength receivedBytes sha256 }'

/** What a person does with an upload, a request each. @param scene  asked for when it is used, since tests begin later */
export function uploading(scene: () => { server: TestServer; ada: Person }) {
  async function begin(byteLength = BYTES.length, more: object = {}): Promise<{ id: string; url: string }> {
    const { server, ada } = scene()
    const input = { teamId: ada.teamId, fileName: 'pictures.zip', byteLength, ...more }
    const { upload } = await ada.api.mutate('createUpload', input, FIELDS)
    return { id: upload.id, url: server.at(upload.url) }
  }

  const finalize = (uploadId: string, sha256 = SHA256) =>
    scene().ada.api.mutate('finalizeUpload', { uploadId, sha256 }, FIELDS)

  function patch(
    url: string,
    offset: number,
    body: Buffer,
    more: Record<string, string> = {},
  ): Promise<Response> {
    return fetch(url, {
      method: 'PATCH',
      headers: {
        ...scene().ada.api.headers,
        'tus-resumable': '1.0.0',
        'content-type': 'application/offset+octet-stream',
        'upload-offset': String(offset),
        ...more,
      },
      body: new Uint8Array(body),
    })
  }

  async function offsetOf(url: string): Promise<number> {
    const headers = { ...scene().ada.api.headers, 'tus-resumable': '1.0.0' }
    const response = await fetch(url, { method: 'HEAD', headers })
    return Number(response.headers.get('upload-offset'))
  }

  async function receivedBytes(id: string): Promise<number> {
    const query = 'query ($id: ID!) { node(id: $id) { ... on Upload { receivedBytes } } }'
    return (await scene().ada.api.ask(query, { id })).node.receivedBytes
  }

  return { begin, finalize, patch, offsetOf, receivedBytes }
}

/** As the server does every ten minutes. */
export async function collectAbandoned({ database, config }: TestServer): Promise<void> {
  const uploads = await openPartialUploads(config.storage)
  await collectOnce({ database, uploads, uploadTurns: new UploadTurns(database) } as Services)
}
