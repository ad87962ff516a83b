import { formatWords } from '../../models/trained-words.ts'
import type { PageRun } from '../live/run-feed.ts'

/** What something came from, or became. */
export interface LineageNode {
  key: string
  /** What it is to its neighbour. */
  role: string
  name: string
  /** Null where there is no page of its own. */
  href: string | null
}

export interface Lineage {
  sources: LineageNode[]
  models: LineageNode[]
  exports: LineageNode[]
}

/** Where a run comes from and what became of it, by its team's addresses. */
export function lineageOf(run: PageRun, base: string): Lineage {
  const { dataset, number, id } = run.datasetVersion
  const sources: LineageNode[] = [
    {
      key: id,
      role: 'Dataset',
      name: `${dataset.name}, version ${number}`,
      href: `${base}/datasets/${dataset.id}`,
    },
    { key: run.cohort.id, role: 'Cohort', name: run.cohort.name, href: `${base}/cohorts/${run.cohort.id}` },
  ]
  if (run.clonedFrom)
    sources.push({
      key: run.clonedFrom.id,
      role: 'Settings of',
      name: `Run ${run.clonedFrom.number}`,
      href: `${base}/runs/${run.clonedFrom.number}`,
    })
  if (run.fork)
    sources.push({
      key: `fork ${run.fork.run?.id}`,
      role: `Goes on after step ${run.fork.step} of`,
      name: run.fork.run ? `Run ${run.fork.run.number}` : 'A deleted run',
      href: run.fork.run ? `${base}/runs/${run.fork.run.number}` : null,
    })
  for (const { id: student, name, finishedModel, start } of run.cohort.students) {
    if (finishedModel)
      sources.push({
        key: `${student} teacher`,
        role: `${name}, trained in`,
        name: `Run ${finishedModel.run.number}`,
        href: `${base}/models/${finishedModel.id}`,
      })
    if (start)
      sources.push({
        ...{ key: `${student} start`, role: `${name} begins with`, name: start.name },
        href: start.weightsId ? `${base}/weights/${start.weightsId}` : null,
      })
  }
  const trained = [
    ...run.models.map((model) => ({ ...model, role: 'Student', name: model.student.name })),
    ...(run.ensemble ? [{ ...run.ensemble, role: 'All together', name: 'Ensemble' }] : []),
  ].map((model) => ({ ...model, href: `${base}/models/${model.id}` }))
  return {
    sources,
    models: trained.map(({ id: key, role, name, href }) => ({ key, role, name, href })),
    exports: trained
      .filter(({ artifacts }) => artifacts.length > 0)
      .map(({ id: key, name, href, artifacts }) => ({
        key: `${key} exports`,
        role: `Files of ${name}`,
        name: [...new Set(artifacts.map(({ format }) => formatWords[format]))].join(', '),
        href,
      })),
  }
}
