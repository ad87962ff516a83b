import { pipeline } from 'node:stream/promises'
import { type Request, type RequestHandler, type Response, Router } from 'express'
import { typeOfId } from '../../contract/ids.ts'
import type { Artifact } from '../../prisma/client.ts'
import { type Actor, roleIn } from '../access/actor.ts'
import type { Identify } from '../access/identify.ts'
import { findHolder } from '../access/link-holder.ts'
import type { Detail } from '../audit/events.ts'
import type { Services } from '../services.ts'
import { auditPart } from './audit-download.ts'
import { parseByteRange } from './byte-range.ts'

/** /files/<artifact>: artifacts, to whoever holds a signed link (?expires=…&signature=…) or sends an API key of the team. */
export function createDownloadRoutes(services: Services, identify: Identify): Router {
  const router = Router()
  router.get('/:id', download(services, identify))
  return router
}

function download(services: Services, identify: Identify): RequestHandler<{ id: string }> {
  return async (request, response) => {
    const permitted = await findPermitted(services, identify, request)
    if (!permitted) {
      return void response.status(403).json({
        code: 'FORBIDDEN',
        message:
          'The link is not right, or has expired. Ask for another one with createDownload, or send an API key.',
      })
    }
    await sendArtifact(services, permitted, request, response)
  }
}

interface Permitted {
  artifact: Artifact
  /** Null for whoever came by a shared link. */
  actor: Actor | null
  /** For the audit log, besides what file it is. */
  detail?: Detail
}

/** Answers ranges, ETag and digest to whoever was permitted the artifact. */
export async function sendArtifact(
  services: Services,
  permitted: Permitted,
  request: Request<Record<string, string>>,
  response: Response,
): Promise<void> {
  const { id, sha256 } = permitted.artifact
  if (await services.storage.has(sha256)) return send(services, permitted, request, response)
  services.log.error({ artifactId: id }, 'the blob of an artifact is missing')
  response.status(404).json({ code: 'NOT_FOUND', message: 'The file is not on storage any more.' })
}

/** The same answer, null, for a wrong signature, for another team's key and for an artifact that does not exist. */
async function findPermitted(
  { database, links }: Services,
  identify: Identify,
  { params, query, headers }: Request<{ id: string }>,
): Promise<Permitted | null> {
  if (typeOfId(params.id) !== 'Artifact') return null
  const artifact = await database.artifact.findUnique({ where: { id: params.id } })
  if (!artifact) return null
  const holder = links.verify(artifact, query)
  // Else a key and no session: a link that somebody else put on a page must not download with the visitor's powers.
  const byKey = () => (headers.authorization === undefined ? null : identify(headers))
  const actor = holder === null ? await byKey() : await findHolder(database, holder)
  return actor && (await roleIn(database, actor, artifact.teamId)) ? { artifact, actor } : null
}

async function send(
  { database, storage }: Services,
  { artifact, actor, detail }: Permitted,
  request: Request<Record<string, string>>,
  response: Response,
): Promise<void> {
  const byteLength = Number(artifact.byteLength)
  const etag = `"${artifact.sha256}"`
  response.set({
    ETag: etag,
    'Accept-Ranges': 'bytes',
    'Content-Type': artifact.fileName.endsWith('.zip') ? 'application/zip' : 'application/octet-stream',
    'Content-Disposition': attachmentNamed(artifact.fileName),
    // What was signed for one person is not for shared caches, and nothing on the way may repack it.
    'Cache-Control': 'private, no-transform, max-age=900',
  })
  if (matchesAny(request.headers['if-none-match'], etag)) return void response.status(304).end()
  const ifRange = request.headers['if-range']
  const header = ifRange === undefined || ifRange === etag ? request.headers.range : undefined
  const range = parseByteRange(header, byteLength)
  if (range.kind === 'UNSATISFIABLE') {
    return void response.status(416).set('Content-Range', `bytes */${byteLength}`).end()
  }
  const { start, end } = range.kind === 'PART' ? range : { start: 0, end: byteLength - 1 }
  if (range.kind === 'PART') {
    response.status(206).set('Content-Range', `bytes ${start}-${end}/${byteLength}`)
  }
  response.set('Content-Length', String(end - start + 1))
  const { format, modelId, ensembleId } = artifact
  const told = { format, of: modelId ?? ensembleId, ...detail }
  await auditPart({ database }, request, actor, { type: 'Artifact', row: artifact, detail: told, start })
  if (request.method === 'HEAD' || byteLength === 0) return void response.end()
  // A reader who goes away in the middle is no fault of ours.
  await pipeline(storage.read(artifact.sha256, { start, end }), response).catch(() => response.destroy())
}

function matchesAny(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  const tags = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return tags.includes(etag) || tags.includes('*')
}

/** The name twice, as RFC 6266 has it: plain for old readers, and in UTF-8. */
function attachmentNamed(fileName: string): string {
  const plain = fileName.replace(/[^\w.-]/g, '_')
  const encoded = encodeURIComponent(fileName).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`
}
