import { ARCHITECTURE_FAMILIES } from '../../../contract/architectures.ts'
import { DEVICE_KINDS, type DeviceKind } from '../../../contract/devices.ts'
import { sizeOfNetwork } from '../../../contract/networks/network-size.ts'
import type { Database } from '../../../prisma/client.ts'
import { notFound } from '../../errors.ts'
import { readSpeeds, type Speeds } from './read-speeds.ts'
import { trainingOf } from './training-of.ts'

export interface NetworkChoice {
  name: string
  family: string
  description: string
  parameters: number
  multiplyAdds: number
  stepTimes: StepTime[]
  bestScore: number | null
}

interface StepTime {
  device: DeviceKind
  milliseconds: number
  runs: number
}

const STEP_IMAGES = 64
/** What sizes are told of where no dataset is chosen. */
const USUAL_IMAGES = { height: 32, width: 32, channels: 3, classes: 10 }

/** The architectures on offer, with what each would be on a dataset and what the team's runs say about it. */
export async function readNetworks(
  database: Database,
  teamId: string,
  datasetVersionId: string | null,
): Promise<NetworkChoice[]> {
  const version =
    datasetVersionId === null
      ? null
      : await database.datasetVersion.findUnique({ where: { id: datasetVersionId } })
  if (datasetVersionId !== null && (version?.teamId !== teamId || version.status !== 'READY'))
    throw notFound('READY dataset version', ['datasetVersionId'])
  const training = version ? trainingOf(version, null) : { ...USUAL_IMAGES, teamId, versionId: null }
  const speeds = await readSpeeds(database, training)
  const best = await readBestScores(database, version?.datasetId ?? null)
  return Object.values(ARCHITECTURE_FAMILIES).flatMap(({ title, description, examples }) =>
    examples.flatMap((name) => {
      const size = sizeOfNetwork(name, training, training.classes)
      if (!size) return []
      const words = { name, family: title, description }
      return [{ ...words, ...size, stepTimes: stepTimesOf(name, speeds), bestScore: best.get(name) ?? null }]
    }),
  )
}

function stepTimesOf(architecture: string, speeds: Speeds): StepTime[] {
  return DEVICE_KINDS.flatMap((device) => {
    const speed = speeds.of(architecture, device)
    if (speed?.stepSecondsAnImage == null) return []
    return [{ device, milliseconds: speed.stepSecondsAnImage * STEP_IMAGES * 1000, runs: speed.runs }]
  })
}

async function readBestScores(database: Database, datasetId: string | null): Promise<Map<string, number>> {
  if (datasetId === null) return new Map()
  const rows = await database.$queryRaw<{ architecture: string; score: number }[]>`
    SELECT student.architecture, max(coalesce(model.top1, model."meanAveragePrecision")) AS score
    FROM "Model" AS model JOIN "Student" AS student ON student.id = model."studentId"
      JOIN "Run" AS run ON run.id = model."runId" JOIN "DatasetVersion" AS version ON version.id = run."datasetVersionId"
    WHERE version."datasetId" = ${datasetId} AND coalesce(model.top1, model."meanAveragePrecision") IS NOT NULL
    GROUP BY student.architecture`
  return new Map(rows.map(({ architecture, score }) => [architecture, score]))
}
