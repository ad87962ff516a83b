import { type RetrievalScore, shareAtRank } from '../../../contract/evaluation.ts'
import { describeAdditions } from '../../../contract/recipes/describe-teaching.ts'
import { describeDelivered } from '../../../contract/runs/delivered-words.ts'
import { escapeMarkdown } from './escape-markdown.ts'
import { commandOf, EXAMPLE_FILE } from './example.ts'
import type { ExportFormat } from './formats/format.ts'
import { preparationSteps } from './image-preparation.ts'
import type { ModelMetadata as Metadata } from './model-metadata.ts'
import { PYTHON_FILE, pythonCommandOf } from './python-example.ts'
import { quantizationLossPart, quantizedScore } from './quantization-notes.ts'

/** README.md in the form of a Hugging Face model card. */
export function modelCard(metadata: Metadata, format: ExportFormat): string {
  return `${frontMatter(metadata, format)}\n${body(withNamesAsTyped(metadata), format)}`
}

/** Classes and students are named by people, and a name may look like a link or like HTML. */
function withNamesAsTyped(metadata: Metadata): Metadata {
  const shown = <Named extends { name: string }>(named: Named) => ({
    ...named,
    name: escapeMarkdown(named.name),
  })
  return {
    ...metadata,
    classes: metadata.classes.map(escapeMarkdown),
    students: metadata.students.map(shown),
    peers: metadata.peers.map(shown),
    teacher: metadata.teacher && escapeMarkdown(metadata.teacher),
  } as Metadata
}

function body(metadata: Metadata, format: ExportFormat): string {
  return `# ${titleOf(metadata)}

${summaryOf(metadata)}

${resultTable(metadata)}${quantizationLossPart(metadata)}

## Input and output

- ${format.notes(metadata)}
- ${outputOf(metadata)}
- Classes, in the order of the posterior and the logits: ${metadata.classes.join(', ')}.
- Input: \`pixels\`. An image becomes that in these steps, which \`preprocessor_config.json\` has for programs:

${preparationSteps(metadata)
  .map((step, i) => `${i + 1}. ${step}`)
  .join('\n')}

## Training

| | |
|---|---|
| data | ${metadata.dataset.trainingPictures} training images, tested with ${testOf(metadata)}; manifest sha256 \`${metadata.dataset.manifestSha256}\` |
| method | ${metadata.teaching.method}, temperature ${metadata.teaching.temperature}, weight ${metadata.teaching.weight} |
| divergence | ${metadata.teaching.divergence}, weight of features ${metadata.teaching.featureWeight}${describeAdditions(
    metadata.teaching,
  )
    .map((phrase) => `; ${phrase}`)
    .join('')} |
| update rule | ${metadata.teaching.updateRule} |
| partners | ${metadata.teaching.partnerRule} |
${metadata.delivered ? `| delivered | ${describeDelivered(metadata.delivered)} |\n` : ''}${startRows(metadata)}| seed | ${metadata.seed} |
| threads per operation | ${metadata.threadsPerOperation ?? 'not recorded'} |
| execution | ${executionOf(metadata)} |
| engine version | ${metadata.engineVersion} |

The recipe in full:

\`\`\`json
${JSON.stringify(metadata.recipe, null, 2)}
\`\`\`

## Use

${usesOf(metadata, format)}${rankingOf(metadata, format)}

## Licence

Not stated: whoever owns the images and trained the model decides, before passing it on.${startLicences(metadata)}
`
}

function usesOf(metadata: Metadata, { example, python }: ExportFormat): string {
  const does =
    metadata.task === 'RETRIEVAL'
      ? 'tells how far two images are apart, or ranks a folder by one'
      : 'classifies one image'
  const programs = [
    ...(example ? [{ file: EXAMPLE_FILE, command: commandOf(example.packages, metadata) }] : []),
    ...(python ? [{ file: PYTHON_FILE, command: pythonCommandOf(metadata, python) }] : []),
  ]
  return programs
    .map(
      ({ file, command }, i) => `\`${file}\` ${i === 0 ? does : 'does the same in Python'}: \`${command}\`.`,
    )
    .join(' ')
}

function startRows({ starts = [] }: Metadata): string {
  return starts
    .map(({ student, name, naming, sha256, frozenEpochs, licence, origin }) => {
      const from = origin ? `; from ${escapeMarkdown(origin)}` : ''
      const frozen =
        frozenEpochs > 0 ? `; kept as they were for ${frozenEpochs} epochs, statistics excepted` : ''
      return `| ${escapeMarkdown(student)} began with | ${escapeMarkdown(name)}, named as ${naming} names layers; sha256 \`${sha256}\`${from}; licence: ${licence ? escapeMarkdown(licence) : 'not stated'}${frozen} |\n`
    })
    .join('')
}

/** Whatever is made of weights is bound by what they may be used for. */
function startLicences({ starts = [] }: Metadata): string {
  if (starts.length === 0) return ''
  const told = starts.map(
    ({ name, licence }) => `${escapeMarkdown(name)} (${licence ? escapeMarkdown(licence) : 'not stated'})`,
  )
  return ` It was made out of ${[...new Set(told)].join(', ')}, whose licence holds for it as well.`
}

function rankingOf({ task }: Metadata, { ranking }: ExportFormat): string {
  if (task !== 'RETRIEVAL' || !ranking) return ''
  return `\n\n\`${ranking.file}\` ranks the images of one folder for each image of another: \`${ranking.command}\`.`
}

function frontMatter(metadata: Metadata, { library }: ExportFormat): string {
  const { task, students, ensemble } = metadata
  const pipeline = task === 'RETRIEVAL' ? 'image-feature-extraction' : 'image-classification'
  const { name: metric, value, dataset } = leadingMetric(metadata)
  return `---
license: unknown
library_name: ${library}
pipeline_tag: ${pipeline}
tags:
- deep-mutual-learning
${[...new Set(students.map(({ architecture }) => `- ${architecture}`))].join('\n')}
metrics:
- ${metric}
model-index:
- name: ${JSON.stringify(ensemble ? 'ensemble' : onlyOf(students).name)}
  results:
  - task:
      type: ${pipeline}
    dataset:
      name: ${dataset}
      type: image-folder
    metrics:
    - type: ${metric}
      value: ${value}
---`
}

function leadingMetric(metadata: Metadata): { name: string; value: number; dataset: string } {
  const name = metadata.task === 'RETRIEVAL' ? 'mean_average_precision' : 'accuracy'
  if (metadata.quantization) return { name, ...quantizedScore(metadata.quantization) }
  const dataset = testOf(metadata)
  if (metadata.task === 'RETRIEVAL')
    return { name, value: (metadata.ensemble ?? onlyOf(metadata.students)).meanAveragePrecision, dataset }
  return { name, value: metadata.ensemble?.meanPosteriorTop1 ?? onlyOf(metadata.students).top1, dataset }
}

function testOf(metadata: Metadata): string {
  if (metadata.task === 'CLASSIFICATION') return `${metadata.testCount} test images`
  return `${metadata.queryCount} queries in a gallery of ${metadata.galleryCount} images`
}

function titleOf({ kind, students }: Metadata): string {
  if (kind === 'ensemble') return `Ensemble of ${students.map(({ name }) => name).join(', ')}`
  const { name, architecture } = onlyOf(students)
  return `${name}, a ${architecture}`
}

/** The student that a card of one student is about. */
function onlyOf<Students extends readonly object[]>([student]: Students): Students[number] {
  if (!student) throw new Error('a model has at least one student')
  return student
}

function summaryOf(metadata: Metadata): string {
  const { kind, students, peers } = metadata
  const parameters = students.reduce((sum, student) => sum + student.parameters, 0).toLocaleString('en')
  if (kind === 'ensemble') {
    return `The whole cohort in one model of ${parameters} parameters: every student sees the same image.`
  }
  const training = peers.length === 0 ? 'alone' : trainingOf(metadata)
  return `A network of ${parameters} parameters, trained ${training}.`
}

function trainingOf({ students, peers, teaching, teacher, teacherWeightsSha256 }: Metadata): string {
  const describe = (them: { name: string; architecture: string }[]) =>
    them.map(({ name, architecture }) => `${name} (${architecture})`).join(', ')
  switch (teaching.method) {
    case 'INDEPENDENT':
      return `beside, but without learning from, ${describe(peers)}`
    case 'DISTILLATION':
      return onlyOf(students).name === teacher
        ? `${teacherWeightsSha256 ? 'in an earlier run, here' : 'alone, then'} the frozen teacher of ${describe(peers)}`
        : `by distillation from ${describe(peers.filter(({ name }) => name === teacher))}`
    default:
      return `by deep mutual learning with ${describe(peers)}`
  }
}

function outputOf({ kind, task, students }: Metadata): string {
  if (kind === 'student')
    return `Outputs, in this order: \`features\`, the last pooled features${task === 'RETRIEVAL' ? ', by whose distance images are compared once they are scaled to length 1' : ''}; \`logits\` \`[batch, classes]\`, of which another network can be distilled; and \`posterior\` \`[batch, classes]\`, their softmax.`
  return `Outputs, in this order: \`concatenated_features\`, the last pooled features of ${students.map(({ name }) => name).join(', ')} side by side, and \`mean_posterior\` \`[batch, classes]\`, the mean of their posteriors.`
}

function resultTable(metadata: Metadata): string {
  return metadata.task === 'RETRIEVAL' ? retrievalTable(metadata) : classificationTable(metadata)
}

function classificationTable(metadata: Extract<Metadata, { task: 'CLASSIFICATION' }>): string {
  const { students, peers, ensemble } = metadata
  const rows = [...students, ...peers].map(
    ({ name, architecture, parameters, top1, loss }) =>
      `| ${name} | ${architecture} | ${parameters.toLocaleString('en')} | ${percent(top1)} | ${loss.toFixed(4)} |`,
  )
  if (ensemble) {
    rows.push(`| ensemble, mean posterior | | | ${percent(ensemble.meanPosteriorTop1)} | |`)
    rows.push(
      `| ensemble, concatenated features (nearest class mean) | | | ${percent(ensemble.concatenatedFeaturesTop1)} | |`,
    )
  }
  const head = `| on ${testOf(metadata)} | architecture | parameters | top-1 | loss |\n|---|---|---|---|---|`
  return `${head}\n${rows.join('\n')}`
}

function retrievalTable(metadata: Extract<Metadata, { task: 'RETRIEVAL' }>): string {
  const { students, peers, ensemble } = metadata
  const scores = (score: RetrievalScore) =>
    [score.meanAveragePrecision, shareAtRank(score, 1), shareAtRank(score, 5)].map(percent).join(' | ')
  const rows = [...students, ...peers].map(
    (student) =>
      `| ${student.name} | ${student.architecture} | ${student.parameters.toLocaleString('en')} | ${scores(student)} |`,
  )
  if (ensemble) rows.push(`| ensemble, features side by side, each of length 1 | | | ${scores(ensemble)} |`)
  const head = `| on ${testOf(metadata)} | architecture | parameters | mAP | rank 1 | rank 5 |\n|---|---|---|---|---|---|`
  return `${head}\n${rows.join('\n')}`
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`
}

function executionOf({ execution }: Metadata): string {
  if (!execution) return 'not recorded'
  const { mode, device } = execution
  return device ? `${mode} on ${escapeMarkdown(device)}` : mode
}
