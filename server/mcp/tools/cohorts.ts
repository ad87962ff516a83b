import { z } from 'zod'
import {
  DIVERGENCES,
  ENSEMBLE_RULES,
  PARTNER_RULES,
  TEACHING_METHODS,
  UPDATE_RULES,
} from '../../../contract/cohort.ts'
import { NAME_LENGTHS } from '../../../contract/limits.ts'
import { tool } from '../tool.ts'

const COHORT = `id name teaching { method updateRule partnerRule temperature weight divergence featureWeight targetClassWeight otherClassesWeight standardizesLogits ensembleRule peerAverageDecay pausesLeader } students { name architecture }`
const COHORTS = `query ($teamId: ID!, $first: Int!) { node(id: $teamId) { ... on Team { cohorts(first: $first) { totalCount nodes { ${COHORT} } } } } }`
const CHOICES = `{ architectures { name title } recipePresets { name title description recipe } }`
const CREATE = `mutation ($input: CreateCohortInput!) { createCohort(input: $input) { cohort { ${COHORT} } errors { code message path } } }`

const Student = z.object({ name: z.string().min(1).max(60), architecture: z.string().min(1).max(60) })
const MOST_STUDENTS = 16

export const cohortTools = {
  list_choices: tool({
    title: 'List architectures and recipes',
    description:
      'Names of architectures for students, ways to teach, and recipe presets with all of their values. Read it before making a cohort or changing a recipe.',
    input: {},
    readOnly: true,
    async run({ ask }) {
      return { ...(await ask(CHOICES)), teachingMethods: TEACHING_METHODS }
    },
  }),
  list_cohorts: tool({
    title: 'List cohorts',
    description: 'The team’s cohorts, newest first: students, and how they teach each other.',
    input: { first: z.int().min(1).max(50).default(20) },
    readOnly: true,
    async run({ ask, teamId }, { first }) {
      const { totalCount, nodes } = (await ask(COHORTS, { teamId, first })).node.cohorts
      return { total: totalCount, cohorts: nodes }
    },
  }),
  create_cohort: tool({
    title: 'Create a cohort',
    description:
      'Students that are trained together. Experiments make their own; this is for single runs. A cohort never changes.',
    input: {
      name: z.string().min(1).max(NAME_LENGTHS.cohort),
      students: z.array(Student).min(1).max(MOST_STUDENTS),
      teaching: z
        .object({
          method: z.enum(TEACHING_METHODS),
          updateRule: z.enum(UPDATE_RULES).optional(),
          partnerRule: z.enum(PARTNER_RULES).optional(),
          temperature: z.number().optional(),
          weight: z.number().optional(),
          divergence: z.enum(DIVERGENCES).optional(),
          featureWeight: z.number().optional(),
          targetClassWeight: z.number().optional(),
          otherClassesWeight: z.number().optional(),
          standardizesLogits: z.boolean().optional(),
          ensembleRule: z.enum(ENSEMBLE_RULES).optional(),
          peerAverageDecay: z.number().nullable().optional(),
          pausesLeader: z.boolean().optional(),
        })
        .optional(),
    },
    readOnly: false,
    async run({ ask, teamId }, input) {
      const { createCohort } = await ask(CREATE, { input: { teamId, ...input } })
      return { cohort: createCohort.cohort }
    },
  }),
}
