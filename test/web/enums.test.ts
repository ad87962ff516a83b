import { readFileSync } from 'node:fs'
import { buildSchema, isEnumType } from 'graphql'
import { expect, it } from 'vitest'
import {
  DIVERGENCES,
  ENSEMBLE_RULES,
  PARTNER_RULES,
  TEACHING_METHODS,
  UPDATE_RULES,
} from '../../contract/cohort.ts'
import { DOUBT_KINDS } from '../../contract/dataset-doubts.ts'
import { DEVICE_KINDS } from '../../contract/devices.ts'
import { EXPORT_STEPS } from '../../contract/exports.ts'
import { FAILURE_CODES, LOG_LEVELS, LOG_SOURCES } from '../../contract/runs/run-events.ts'
import { RUN_STATUSES } from '../../contract/runs/run-states.ts'
import { EXPORT_FORMATS, TRAINING_PHASES } from '../../contract/training.ts'

const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'))

it.each([
  ['RunStatus', RUN_STATUSES],
  ['RunPhase', TRAINING_PHASES],
  ['FailureCode', FAILURE_CODES],
  ['LogLevel', LOG_LEVELS],
  ['LogSource', LOG_SOURCES],
  ['TeachingMethod', TEACHING_METHODS],
  ['UpdateRule', UPDATE_RULES],
  ['PartnerRule', PARTNER_RULES],
  ['Divergence', DIVERGENCES],
  ['EnsembleRule', ENSEMBLE_RULES],
  ['DeviceKind', DEVICE_KINDS],
  ['ArtifactFormat', EXPORT_FORMATS],
  ['ExportStep', EXPORT_STEPS],
  ['DatasetDoubtKind', DOUBT_KINDS],
])('%s of the schema, from which pages have their types, has the contract’s values', (name, values) => {
  const type = schema.getType(name)
  if (!isEnumType(type)) return expect.unreachable(`${name} is no enum`)
  expect(
    type
      .getValues()
      .map((value) => value.name)
      .sort(),
  ).toEqual([...values].sort())
})
