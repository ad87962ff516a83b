/**
 * `npm run try-manifests -- FOLDER`: builds Kubernetes' API server, etcd and deploy/check from Go's modules into FOLDER, where
 * they are kept, and creates everything of deploy/kubernetes in it. `--check-only` builds and runs deploy/check alone: the
 * server's own rules without the server. Needs Go 1.25 or newer.
 */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { parseAllDocuments } from 'yaml'
import { runOrThrow } from './image/run-or-throw.ts'
import { ApiServer } from './manifests/api-server.ts'

const MANIFESTS = 'deploy/kubernetes'
const NAMESPACE = 'studyhall'
const PROGRAMS = {
  etcd: 'go.etcd.io/etcd/server/v3',
  'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
}
/** A kind of another project: without that one's definitions the server does not know it. */
const FOREIGN = 'keda.sh/v1alpha1'

interface Manifest {
  apiVersion: string
  kind: string
  metadata: { name: string }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { 'check-only': { type: 'boolean', default: false } },
  })
  const [wanted] = positionals
  if (!wanted) throw new Error('Usage: npm run try-manifests -- FOLDER [--check-only]')
  const folder = path.resolve(wanted)
  await build('.', path.join(folder, 'check'))
  await runOrThrow(path.join(folder, 'check'), [`${MANIFESTS}/*.yaml`])
  if (values['check-only']) return
  for (const [name, module] of Object.entries(PROGRAMS)) await build(module, path.join(folder, name))
  const server = new ApiServer(folder)
  try {
    await server.start(folder)
    await applyAll(server)
  } finally {
    await server.stop()
  }
}

/** Without the compiler's optimisations, which would take it longer than the program runs. */
async function build(module: string, to: string): Promise<void> {
  const flags = ['-mod=mod', '-gcflags=all=-N -l', '-ldflags=-s -w']
  await runOrThrow('go', ['-C', 'deploy/check', 'build', ...flags, '-o', to, module])
}

async function applyAll(server: ApiServer): Promise<void> {
  const level = 'pod-security.kubernetes.io'
  const labels = { [`${level}/enforce`]: 'restricted', [`${level}/warn`]: 'restricted' }
  const namespace = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: NAMESPACE, labels },
  })
  await apply(server, `/api/v1/namespaces/${NAMESPACE}`, namespace)
  for (const file of readdirSync(MANIFESTS).filter((name) => name.endsWith('.yaml')))
    for (const document of parseAllDocuments(readFileSync(path.join(MANIFESTS, file), 'utf8'))) {
      const manifest = document.toJS() as Manifest
      const title = `${manifest.kind} ${manifest.metadata.name}`
      if (manifest.apiVersion === FOREIGN) {
        console.log(`- ${title}: not of Kubernetes itself`)
        continue
      }
      const place = placeOf(manifest)
      await apply(server, place, String(document))
      const { body } = await server.ask('GET', place)
      const lost = lostOf(manifest, JSON.parse(body), '')
      if (lost.length > 0) throw new Error(`${title} was read back otherwise: ${lost.join(', ')}`)
      console.log(`✓ ${title}: created, and read back as it stands`)
    }
}

async function apply(server: ApiServer, place: string, text: string): Promise<void> {
  const query = 'fieldManager=try-manifests&fieldValidation=Strict'
  const { status, warnings, body } = await server.ask(
    'PATCH',
    `${place}?${query}`,
    text,
    'application/apply-patch+yaml',
  )
  if (status >= 300)
    throw new Error(`${place}: ${status} ${(JSON.parse(body) as { message: string }).message}`)
  if (warnings.length > 0) throw new Error(`${place}: ${warnings.join(', ')}`)
}

function placeOf({ apiVersion, kind, metadata }: Manifest): string {
  const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
  return `${group}/namespaces/${NAMESPACE}/${kind.toLowerCase()}s/${metadata.name}`
}

/** Quantities are written as they are understood: 2 for "2". */
const isSame = (a: unknown, b: unknown) => isDeepStrictEqual(a, b) || String(a) === String(b)

/** What stands in a manifest and not, or otherwise, in what the server has of it. */
function lostOf(wanted: unknown, found: unknown, place: string): string[] {
  if (typeof wanted !== 'object' || wanted === null) return isSame(wanted, found) ? [] : [place]
  if (typeof found !== 'object' || found === null) return [place]
  return Object.entries(wanted).flatMap(([name, value]) =>
    lostOf(value, (found as Record<string, unknown>)[name], `${place}.${name}`),
  )
}

await main().catch((error: Error) => {
  console.error(`✗ ${error.message}`)
  process.exitCode = 1
})
