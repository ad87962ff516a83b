import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type RetrievalEvaluation, shareAtRank } from '../../../contract/evaluation.ts'
import type { RetrievalDataset } from '../../../contract/packed/manifest.ts'
import type { RetrievalQueries } from '../../../contract/retrieval-queries.ts'
import { PackedSplit, type RemoteShards, readNumberBlob } from '../batches/packed-split.ts'
import type { StudentNetwork } from '../students/student-network.ts'
import type { Examination } from './examination.ts'
import type { Features } from './feature-distances.ts'
import { type Examinees, predictions } from './predictions.ts'
import type { Identities } from './rank-gallery.ts'
import { type Rankings, rankQueries, scoreRankings } from './retrieve.ts'

/** Written by `evaluate` to the order's output folder, in the format of contract/retrieval-queries.ts. */
export const QUERIES_FILE = 'retrieval-queries.json'

interface OpenSplit extends Identities {
  pictures: PackedSplit
}

interface RetrievalOrder {
  dataset: RetrievalDataset
  blobPaths: Record<string, string>
  remote?: RemoteShards | undefined
  outputFolder: string
}

/** The examination for RETRIEVAL datasets. */
export function openRetrievalExamination(order: RetrievalOrder): Examination {
  const query = openSplit(order, 'query')
  const gallery = openSplit(order, 'gallery')
  const classes = order.dataset.classes.length
  return {
    async score(examinees) {
      const { students } = await search(examinees, classes, query, gallery)
      return students.flatMap((ranked, student) => {
        const score = scoreRankings(ranked)
        return [
          { student, name: 'testMap' as const, value: score.meanAveragePrecision },
          { student, name: 'testRank1' as const, value: shareAtRank(score, 1) },
        ]
      })
    },
    async evaluate(examinees) {
      const rankings = await search(examinees, classes, query, gallery)
      const queries = describeQueries(examinees.students, query, gallery, rankings)
      const queriesPath = join(order.outputFolder, QUERIES_FILE)
      await writeFile(queriesPath, `${JSON.stringify(queries)}\n`)
      const evaluation = evaluationOf(examinees.students, rankings, gallery.identities.length)
      return { type: 'retrieval', evaluation, queriesPath }
    },
    close() {
      query.pictures.close()
      gallery.pictures.close()
    },
  }
}

function openSplit({ dataset, blobPaths, remote }: RetrievalOrder, name: 'query' | 'gallery'): OpenSplit {
  const { count, camerasSha256 } = dataset.splits[name]
  if (count === 0) throw new Error(`the dataset has no ${name} images to evaluate on`)
  const pictures = PackedSplit.open(dataset, name, blobPaths, remote)
  return { pictures, identities: pictures.labels, cameras: readNumberBlob(camerasSha256, blobPaths, count) }
}

async function search(
  examinees: Examinees,
  classes: number,
  query: OpenSplit,
  gallery: OpenSplit,
): Promise<Rankings> {
  const withFeatures = async (split: OpenSplit) => ({
    ...split,
    features: await readFeatures(examinees, classes, split.pictures),
  })
  return rankQueries(await withFeatures(query), await withFeatures(gallery), examinees.betweenBatches)
}

/** Each student's pooled features of every image. */
async function readFeatures(
  examinees: Examinees,
  classes: number,
  pictures: PackedSplit,
): Promise<Features[]> {
  const features = examinees.students.map(({ model }) => {
    const width = model.outputs[1]?.shape.at(-1) as number
    return { width, values: new Float32Array(pictures.count * width) }
  })
  for await (const prediction of predictions(examinees, classes, pictures)) {
    let from = 0
    for (const { width, values } of features) {
      values.set(prediction.features.subarray(from, from + width), prediction.index * width)
      from += width
    }
  }
  return features
}

function evaluationOf(
  students: StudentNetwork[],
  rankings: Rankings,
  galleryCount: number,
): RetrievalEvaluation {
  return {
    kind: 'RETRIEVAL',
    queryCount: rankings.ensemble.length,
    galleryCount,
    queriesWithoutMatch: rankings.ensemble.filter(({ firstRight }) => firstRight === null).length,
    students: students.map(({ name, architecture, parameters }, k) => ({
      ...{ name, architecture, parameters },
      ...scoreRankings(rankings.students[k] ?? []),
    })),
    ensemble: scoreRankings(rankings.ensemble),
  }
}

function describeQueries(
  students: StudentNetwork[],
  query: Identities,
  gallery: Identities,
  rankings: Rankings,
): RetrievalQueries {
  const plain = ({ identities, cameras }: Identities) => ({
    identities: [...identities],
    cameras: [...cameras],
  })
  return {
    format: 'studyhall-retrieval-queries-1',
    query: plain(query),
    gallery: plain(gallery),
    students: students.map(({ name }, k) => ({ name, queries: rankings.students[k] ?? [] })),
    ensemble: rankings.ensemble,
  }
}
