import { existsSync, readdirSync, readFileSync } from 'node:fs'
import * as keda from '@kubernetes-models/keda/keda.sh/v1alpha1'
import { validate as validateDockerfile } from 'dockerfile-utils'
import * as apps from 'kubernetes-models/apps/v1'
import * as batch from 'kubernetes-models/batch/v1'
import * as policy from 'kubernetes-models/policy/v1'
import * as core from 'kubernetes-models/v1'
import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { readIgnored } from '../../scripts/image/copy-files.ts'
import { readCommand, readDockerfile, readVariables } from '../../scripts/image/read-dockerfile.ts'
import { BUILT_FROM } from '../../scripts/setup/build/build-processes.mjs'

/** What a container build, Docker or a cluster would have to run is here at least read, by the schemas of each. */
const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')

interface Manifest {
  apiVersion: string
  kind: string
  metadata: { name: string }
  // biome-ignore lint/suspicious/noExplicitAny: its own schema has checked it.
  spec?: any
  data?: Record<string, string>
}

const MODELS: Record<string, new (data: never) => { validate(): void }> = {
  'v1 ConfigMap': core.ConfigMap,
  'v1 Service': core.Service,
  'v1 PersistentVolumeClaim': core.PersistentVolumeClaim,
  'apps/v1 Deployment': apps.Deployment,
  'batch/v1 Job': batch.Job,
  'policy/v1 PodDisruptionBudget': policy.PodDisruptionBudget,
  'keda.sh/v1alpha1 ScaledObject': keda.ScaledObject,
  'keda.sh/v1alpha1 TriggerAuthentication': keda.TriggerAuthentication,
}

const FOLDER = 'deploy/kubernetes'
const files = readdirSync(new URL(`../../${FOLDER}`, import.meta.url)).filter((name) =>
  name.endsWith('.yaml'),
)
const manifests = files.flatMap((file) => parseManifests(read(`${FOLDER}/${file}`)))
const ofKind = (kind: string) => manifests.filter((manifest) => manifest.kind === kind)

function parseManifests(text: string): Manifest[] {
  return parseAllDocuments(text, { uniqueKeys: true }).map((document) => {
    expect(document.errors).toEqual([])
    return document.toJS() as Manifest
  })
}

function check(manifest: Manifest): void {
  const Model = MODELS[`${manifest.apiVersion} ${manifest.kind}`]
  if (!Model) throw new Error(`no schema for ${manifest.apiVersion} ${manifest.kind}`)
  new Model(manifest as never).validate()
}

describe('the manifests for Kubernetes', () => {
  it.each(manifests.map((manifest) => [`${manifest.kind} ${manifest.metadata.name}`, manifest] as const))(
    '%s is what its schema wants',
    (_, manifest) => check(manifest),
  )

  it('would be refused where they were not: a key that is none, a number in words', () => {
    const [deployment] = ofKind('Deployment')
    expect(() => check({ ...deployment!, spec: { ...deployment!.spec, replicas: 'two' } })).toThrow()
    const { selector: _, ...without } = deployment!.spec
    expect(() => check({ ...deployment!, spec: without })).toThrow()
  })

  it('have probes, resources and no root in every container, and no secret in words', () => {
    for (const { spec } of [...ofKind('Deployment'), ...ofKind('Job')]) {
      expect(spec.template.spec.securityContext.runAsNonRoot).toBe(true)
      for (const container of spec.template.spec.containers) {
        expect(container.resources.requests.memory).toBeTruthy()
        expect(container.securityContext.allowPrivilegeEscalation).toBe(false)
        for (const { name, value } of container.env ?? [])
          if (/SECRET|PASSWORD|DATABASE_URL|ACCESS_KEY/.test(name)) expect(value).toBeUndefined()
      }
    }
    for (const { spec } of ofKind('Deployment'))
      for (const container of spec.template.spec.containers)
        expect(container).toMatchObject({ readinessProbe: {}, livenessProbe: {} })
  })

  it('select the pods that they make, have a disruption budget each, and scale what there is', () => {
    for (const { spec } of ofKind('Deployment'))
      expect(spec.template.metadata.labels).toMatchObject(spec.selector.matchLabels)
    const budgets = ofKind('PodDisruptionBudget').map(({ metadata }) => metadata.name)
    const deployments = ofKind('Deployment').map(({ metadata }) => metadata.name)
    expect(budgets.toSorted()).toEqual(deployments.toSorted())
    for (const { spec } of ofKind('ScaledObject')) expect(deployments).toContain(spec.scaleTargetRef.name)
  })

  it('leave a worker that ends more time than it takes to save and give back its runs', () => {
    for (const { metadata, spec } of ofKind('Deployment'))
      if (metadata.name.includes('worker'))
        expect(spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(30)
  })
})

/** The part of the Compose specification that is used. */
const Service = z.strictObject({
  image: z.string(),
  build: z.strictObject({ context: z.string(), args: z.record(z.string(), z.string()) }).optional(),
  restart: z.enum(['no', 'always', 'on-failure', 'unless-stopped']),
  init: z.boolean().optional(),
  profiles: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()),
  command: z.array(z.string()).optional(),
  ports: z.array(z.string()).optional(),
  volumes: z.array(z.string()),
  stop_grace_period: z.string().optional(),
  healthcheck: z
    .union([
      z.strictObject({ disable: z.literal(true) }),
      z.strictObject({
        test: z.array(z.string()),
        interval: z.string(),
        timeout: z.string(),
        retries: z.int(),
      }),
    ])
    .optional(),
  deploy: z.looseObject({}).optional(),
  depends_on: z
    .record(
      z.string(),
      z.strictObject({ condition: z.enum(['service_healthy', 'service_completed_successfully']) }),
    )
    .optional(),
})
const Compose = z.looseObject({
  name: z.string(),
  services: z.record(z.string(), Service),
  volumes: z.record(z.string(), z.null()),
})

describe('the compose file', () => {
  const compose = Compose.parse(parse(read('deploy/compose.yaml'), { merge: true }))

  it('has PostgreSQL, server, web and workers, whose volumes and conditions there are', () => {
    const names = Object.keys(compose.services)
    expect(names).toEqual(['postgres', 'migrate', 'server', 'web', 'worker', 'gpu-worker'])
    for (const { volumes, depends_on = {} } of Object.values(compose.services)) {
      for (const volume of volumes) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0])
      for (const name of Object.keys(depends_on)) expect(names).toContain(name)
    }
  })

  it('tells every process only what it reads', () => {
    const offered = new Set([...read('.env.example').matchAll(/^([A-Z_0-9]+)=/gm)].map(([, name]) => name!))
    const known = [...offered, 'API_PORT', 'HEALTH_URL', 'STUDYHALL_API_ORIGIN']
    for (const name of ['server', 'web', 'worker', 'gpu-worker'])
      for (const variable of Object.keys(compose.services[name]!.environment))
        expect(known).toContain(variable)
  })

  it('lets server and web know each other, and the web whom to believe about addresses', () => {
    const { server, web } = compose.services
    expect(web!.environment.STUDYHALL_FRONT_SECRET).toBe(server!.environment.STUDYHALL_FRONT_SECRET)
    expect(web!.environment).toHaveProperty('STUDYHALL_TRUSTED_PROXIES')
    const ofManifest = (name: string): { name: string }[] =>
      ofKind('Deployment').find(({ metadata }) => metadata.name === name)!.spec.template.spec.containers[0]
        .env
    const namesOf = (name: string) => ofManifest(name).map((variable) => variable.name)
    expect(namesOf('studyhall-server')).toContain('STUDYHALL_FRONT_SECRET')
    expect(namesOf('studyhall-web')).toEqual(
      expect.arrayContaining(['STUDYHALL_FRONT_SECRET', 'STUDYHALL_TRUSTED_PROXIES', 'PUBLIC_ORIGIN']),
    )
  })

  it('lets nobody but this machine in, and has no password in it', () => {
    for (const { ports = [] } of Object.values(compose.services))
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/)
    expect(read('deploy/compose.yaml')).not.toMatch(/PASSWORD: (?!\$\{)|SECRET: (?!\$\{)/)
  })
})

/** Of a command that `node` is given: the program, wherever options stand before it. */
const programOf = ([, ...rest]: string[]) => rest.find((word) => !word.startsWith('--'))!
const sourceOf = (program: string) => BUILT_FROM[/^dist\/(.*)\.js$/.exec(program)?.[1] ?? ''] ?? program
const exists = (file: string) => existsSync(new URL(`../../${file}`, import.meta.url))

describe('the Dockerfile', () => {
  const text = read('Dockerfile')

  it('starts, as compose file and manifests do, programs that the set-up builds', () => {
    const compose = Compose.parse(parse(read('deploy/compose.yaml'), { merge: true }))
    const commands = [
      JSON.parse(/^CMD (.*)$/m.exec(text)![1]!) as string[],
      ...Object.values(compose.services).flatMap(({ command }) => (command ? [command] : [])),
      ...[...ofKind('Deployment'), ...ofKind('Job')].flatMap(({ spec }) =>
        spec.template.spec.containers.map(({ command }: { command: string[] }) => command),
      ),
    ]
    expect(commands.length).toBeGreaterThan(5)
    for (const command of commands) {
      expect(command[0]).toBe('node')
      expect(sourceOf(programOf(command))).toSatisfy(exists)
    }
  })

  it('has no complaint of the linter', () => {
    expect(validateDockerfile(text)).toEqual([])
    expect(validateDockerfile('FROM node\nCOPYY . .\n')).not.toEqual([])
  })

  it('ends as another user than root, with a health check, and is made in stages', () => {
    expect(text.match(/^FROM /gm)).toHaveLength(2)
    expect(text.lastIndexOf('USER node')).toBeGreaterThan(text.lastIndexOf('FROM '))
    expect(text).toMatch(/^HEALTHCHECK /m)
  })

  it('is understood whole by `npm run try-image`, which carries it out without Docker', () => {
    const [build, runtime, ...more] = readDockerfile(text, { DEVICE: 'cuda' })
    expect([build?.name, runtime?.name, more]).toEqual(['build', 'runtime', []])
    expect(build?.image).toMatch(/^node:\d+-\w+-slim$/)
    const [environment] = build!.instructions
    expect(readVariables(environment!.text)).toMatchObject({
      STUDYHALL_DEVICE: 'cuda',
      STUDYHALL_HOME: '/app/.studyhall',
    })
    const command = runtime!.instructions.find(({ keyword }) => keyword === 'CMD')!
    expect(readCommand(command.text)).toEqual(['node', '--enable-source-maps', 'dist/server.js'])
    const [other] = readDockerfile(text, { NODE_IMAGE: 'node:24-bookworm-slim' })
    expect(other?.image).toBe('node:24-bookworm-slim')
    expect(() => readDockerfile('FROM node\nADD . .\n')).toThrow('“ADD . .” is not understood')
    const isIgnored = readIgnored(read('.dockerignore'))
    expect(['.git', 'test/database.ts', 'a/b.log'].every(isIgnored)).toBe(true)
    expect(['package.json', 'testing', '.npmrc'].some(isIgnored)).toBe(false)
  })
})
