import { readFileSync } from 'node:fs'
import { parser } from '@prometheus-io/lezer-promql'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { RUN_STATUSES } from '../../contract/runs/run-states.ts'

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')

/** What prom-client tells of every Node process. */
const OF_NODE = ['nodejs_eventloop_lag_p99_seconds']
const TOLD = new Set([
  ...OF_NODE,
  ...[read('server/metrics.ts'), read('workers/metrics.ts')].flatMap(
    (text) => text.match(/studyhall_\w+/g) ?? [],
  ),
])

const Rules = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string().regex(/^Studyhall[A-Za-z]+$/),
          expr: z.string(),
          for: z
            .string()
            .regex(/^\d+m$/)
            .optional(),
          labels: z.strictObject({ severity: z.enum(['critical', 'warning', 'info']) }),
          annotations: z.strictObject({ summary: z.string().min(10), description: z.string().min(10) }),
        }),
      ),
    }),
  ),
})
const rules = Rules.parse(parse(read('deploy/prometheus/alerts.yaml'))).groups.flatMap((group) => group.rules)

/** The names of kinds of nodes in an expression, and its parts of one kind. */
function nodesOf(expr: string): { name: string; text: string }[] {
  const found: { name: string; text: string }[] = []
  parser.parse(expr).iterate({
    enter: (node) =>
      void found.push({
        name: node.type.isError ? 'ERROR' : node.name,
        text: expr.slice(node.from, node.to),
      }),
  })
  return found
}

const partsOf = (expr: string, kind: string) =>
  nodesOf(expr).flatMap(({ name, text }) => (name === kind ? [text] : []))

describe('the alerts', () => {
  it.each(rules.map(({ alert, expr }) => [alert, expr]))(
    '%s is a query of numbers that are told',
    (_, expr) => {
      expect(partsOf(expr, 'ERROR')).toEqual([])
      const names = partsOf(expr, 'VectorSelector').map((selector) => selector.replace(/\{.*$/, ''))
      expect(names.length).toBeGreaterThan(0)
      for (const name of names) expect(TOLD).toContain(name)
    },
  )

  it('name states that a run has', () => {
    const states = rules.flatMap(({ expr }) =>
      [...expr.matchAll(/status="(\w+)"/g)].map(([, status]) => status),
    )
    expect(states.length).toBeGreaterThan(0)
    for (const state of states) expect(RUN_STATUSES).toContain(state)
  })

  it('do not depend on how somebody names the jobs of their Prometheus', () => {
    for (const { alert, expr } of rules) expect(expr, alert).not.toMatch(/\bjob\b/)
  })

  it('would be refused where one were no query', () => {
    expect(partsOf('max(studyhall_runs{status="FAILED"}', 'ERROR')).not.toEqual([])
  })

  it('lead to settings and commands that are there', () => {
    const settings = read('.env.example')
    for (const [name] of rules.flatMap(({ annotations }) => [
      ...annotations.description.matchAll(/WORKER_\w+/g),
    ]))
      expect(settings).toContain(name)
    expect(read('docs/debugging.md')).toContain('A run is stuck')
  })
})
