"""Written by `npm run generate` from schema.graphql and the operations of cli and clients: change those."""

from __future__ import annotations

from typing import Literal, Optional, TypedDict

TeachingMethod = Literal["MUTUAL", "ENSEMBLE_TEACHER", "INDEPENDENT", "DISTILLATION"]

ExperimentStatus = Literal["WAITING", "RUNNING", "ENDED", "CANCELED"]

ExperimentPart = Literal["MAIN", "STUDENTS", "BESIDE"]

MeasureUnit = Literal["PERCENT", "NATS", "CORRELATION"]

VerdictKind = Literal["GAIN", "WORSE", "HIGHER", "LOWER", "NO_EFFECT_SEEN", "ONE_SEED"]

ArtifactFormat = Literal["TFJS", "SAVED_MODEL", "ONNX", "SAFETENSORS", "KERAS", "ONNX_INT8"]

DatasetVersionStatus = Literal["PENDING", "IMPORTING", "READY", "FAILED"]

DatasetKind = Literal["CLASSIFICATION", "RETRIEVAL"]

UpdateRule = Literal["SEQUENTIAL", "SIMULTANEOUS"]

PartnerRule = Literal["ALL", "ONE_PER_EPOCH"]

Divergence = Literal["KL", "SYMMETRIC_KL", "DECOUPLED_KL"]

EnsembleRule = Literal["MEAN_POSTERIOR", "LEAST_LOSS", "LEAST_LOGITS"]

DeviceKind = Literal["CPU", "GPU"]

RunStatus = Literal["QUEUED", "STARTING", "RUNNING", "PAUSING", "PAUSED", "SUCCEEDED", "FAILED", "CANCELED"]

RunPhase = Literal["LOADING", "CAPTURING", "TRAINING", "EVALUATING", "EXPORTING"]

FailureCode = Literal["NOT_FINITE", "OUT_OF_MEMORY", "ENGINE_ERROR", "WORKER_LOST", "DATASET_GONE", "BAD_RECIPE", "DISK_FULL", "INTERNAL"]

GivenWeightsStatus = Literal["PENDING", "READY", "REFUSED"]

WeightsFitImages = Literal["ANY", "UP_TO_64_PIXELS", "ABOVE_64_PIXELS"]


class ExperimentPartsArms(TypedDict):
    name: str
    control: Optional[str]
    students: list[str]
    method: TeachingMethod


class ExperimentPartsDatasetVersionDataset(TypedDict):
    name: str


class ExperimentPartsDatasetVersion(TypedDict):
    number: int
    dataset: ExperimentPartsDatasetVersionDataset


class ExperimentPartsProgress(TypedDict):
    status: ExperimentStatus
    runs: int
    succeeded: int
    failed: int
    canceled: int
    running: int
    remainingSeconds: Optional[float]


class ExperimentParts(TypedDict):
    id: str
    number: int
    title: str
    seeds: list[int]
    conditions: list[str]
    decidedAt: Optional[str]
    canceledAt: Optional[str]
    createdAt: str
    arms: list[ExperimentPartsArms]
    datasetVersion: ExperimentPartsDatasetVersion
    progress: ExperimentPartsProgress


class ComparedPartsMeasure(TypedDict):
    name: str
    part: ExperimentPart
    unit: MeasureUnit
    student: Optional[str]
    isPrimary: bool


class ComparedPartsDifferenceVerdict(TypedDict):
    kind: VerdictKind
    words: str


class ComparedPartsDifference(TypedDict):
    mean: float
    low: Optional[float]
    high: Optional[float]
    pairs: int
    inWords: str
    tP: Optional[float]
    holmP: Optional[float]
    pInWords: str
    seedsBetter: str
    verdict: ComparedPartsDifferenceVerdict


class ComparedParts(TypedDict):
    condition: str
    arm: str
    control: Optional[str]
    measure: ComparedPartsMeasure
    mean: float
    deviation: Optional[float]
    inWords: str
    difference: Optional[ComparedPartsDifference]


class ArtifactParts(TypedDict):
    id: str
    format: ArtifactFormat
    fileName: str
    byteLength: int
    sha256: str


class TrainedPartsRunCohort(TypedDict):
    name: str


class TrainedPartsRunDatasetVersionDataset(TypedDict):
    name: str


class TrainedPartsRunDatasetVersion(TypedDict):
    dataset: TrainedPartsRunDatasetVersionDataset


class TrainedPartsRun(TypedDict):
    id: str
    number: int
    cohort: TrainedPartsRunCohort
    datasetVersion: TrainedPartsRunDatasetVersion


class TrainedPartsAliases(TypedDict):
    name: str


class TrainedPartsArtifacts(TypedDict):
    id: str
    format: ArtifactFormat
    fileName: str
    byteLength: int
    sha256: str


class TrainedParts(TypedDict):
    id: str
    createdAt: str
    run: TrainedPartsRun
    aliases: list[TrainedPartsAliases]
    artifacts: list[TrainedPartsArtifacts]


class UploadParts(TypedDict):
    id: str
    fileName: str
    url: Optional[str]
    byteLength: int
    receivedBytes: int
    sha256: Optional[str]


class VersionPartsSplits(TypedDict):
    name: str
    count: int


class VersionPartsProgress(TypedDict):
    picturesSeen: int
    picturesTotal: Optional[int]
    secondsLeft: Optional[float]


class VersionPartsUpload(TypedDict):
    sha256: Optional[str]


class VersionParts(TypedDict):
    id: str
    number: int
    status: DatasetVersionStatus
    failure: Optional[str]
    height: Optional[int]
    width: Optional[int]
    channels: Optional[int]
    classes: list[str]
    splits: list[VersionPartsSplits]
    progress: Optional[VersionPartsProgress]
    upload: VersionPartsUpload
    createdAt: str


class DatasetPartsVersionsSplits(TypedDict):
    name: str
    count: int


class DatasetPartsVersionsProgress(TypedDict):
    picturesSeen: int
    picturesTotal: Optional[int]
    secondsLeft: Optional[float]


class DatasetPartsVersionsUpload(TypedDict):
    sha256: Optional[str]


class DatasetPartsVersions(TypedDict):
    id: str
    number: int
    status: DatasetVersionStatus
    failure: Optional[str]
    height: Optional[int]
    width: Optional[int]
    channels: Optional[int]
    classes: list[str]
    splits: list[DatasetPartsVersionsSplits]
    progress: Optional[DatasetPartsVersionsProgress]
    upload: DatasetPartsVersionsUpload
    createdAt: str


class DatasetPartsLatestReadyVersion(TypedDict):
    id: str


class DatasetParts(TypedDict):
    id: str
    name: str
    kind: DatasetKind
    createdAt: str
    versions: list[DatasetPartsVersions]
    latestReadyVersion: Optional[DatasetPartsLatestReadyVersion]


class CohortPartsStudentsFinishedModel(TypedDict):
    id: str


class CohortPartsStudentsStart(TypedDict):
    modelId: Optional[str]
    weightsId: Optional[str]
    name: str
    frozenEpochs: int


class CohortPartsStudents(TypedDict):
    name: str
    architecture: str
    finishedModel: Optional[CohortPartsStudentsFinishedModel]
    start: Optional[CohortPartsStudentsStart]


class CohortPartsTeaching(TypedDict):
    method: TeachingMethod
    updateRule: UpdateRule
    partnerRule: PartnerRule
    temperature: float
    weight: float
    divergence: Divergence
    featureWeight: float
    targetClassWeight: float
    otherClassesWeight: float
    standardizesLogits: bool
    ensembleRule: EnsembleRule
    peerAverageDecay: Optional[float]
    pausesLeader: bool


class CohortParts(TypedDict):
    id: str
    name: str
    students: list[CohortPartsStudents]
    teaching: CohortPartsTeaching
    createdAt: str


class WorkerParts(TypedDict):
    name: str
    device: DeviceKind
    deviceName: str
    capacity: int
    runsInHand: int
    drainedAt: Optional[str]
    handsBack: bool
    draining: bool
    silent: bool
    heartbeatAgeSeconds: float


class RunPartsFailure(TypedDict):
    code: FailureCode
    message: str


class RunPartsCohort(TypedDict):
    id: str
    name: str


class RunPartsDatasetVersionDataset(TypedDict):
    name: str
    kind: DatasetKind


class RunPartsDatasetVersion(TypedDict):
    id: str
    number: int
    dataset: RunPartsDatasetVersionDataset


class RunPartsProgress(TypedDict):
    step: int
    steps: Optional[int]
    epoch: int
    epochs: int
    imagesPerSecond: Optional[float]
    remainingSeconds: Optional[float]


class RunPartsStudentsStudent(TypedDict):
    position: int
    name: str
    architecture: str


class RunPartsStudents(TypedDict):
    student: RunPartsStudentsStudent
    lastLoss: Optional[float]
    lastTrainTop1: Optional[float]
    lastTestTop1: Optional[float]
    bestTestTop1: Optional[float]
    lastTestMap: Optional[float]
    bestTestMap: Optional[float]


class RunParts(TypedDict):
    id: str
    number: int
    status: RunStatus
    phase: Optional[RunPhase]
    failure: Optional[RunPartsFailure]
    waitingReason: Optional[str]
    cohort: RunPartsCohort
    datasetVersion: RunPartsDatasetVersion
    preset: str
    seed: int
    progress: RunPartsProgress
    students: list[RunPartsStudents]
    lastSeq: int
    createdAt: str
    finishedAt: Optional[str]


class RunResultsFailure(TypedDict):
    code: FailureCode
    message: str


class RunResultsCohort(TypedDict):
    id: str
    name: str


class RunResultsDatasetVersionDataset(TypedDict):
    name: str
    kind: DatasetKind


class RunResultsDatasetVersion(TypedDict):
    id: str
    number: int
    dataset: RunResultsDatasetVersionDataset


class RunResultsProgress(TypedDict):
    step: int
    steps: Optional[int]
    epoch: int
    epochs: int
    imagesPerSecond: Optional[float]
    remainingSeconds: Optional[float]


class RunResultsStudentsStudent(TypedDict):
    position: int
    name: str
    architecture: str


class RunResultsStudents(TypedDict):
    student: RunResultsStudentsStudent
    lastLoss: Optional[float]
    lastTrainTop1: Optional[float]
    lastTestTop1: Optional[float]
    bestTestTop1: Optional[float]
    lastTestMap: Optional[float]
    bestTestMap: Optional[float]


class RunResultsEvaluationStudents(TypedDict):
    name: str
    architecture: str
    parameters: int
    top1: float
    loss: float


class RunResultsEvaluation(TypedDict):
    testCount: int
    students: list[RunResultsEvaluationStudents]
    meanPosteriorTop1: float
    concatenatedFeaturesTop1: float


class RunResultsRetrievalStudentsScore(TypedDict):
    meanAveragePrecision: float
    cmc: list[float]


class RunResultsRetrievalStudents(TypedDict):
    name: str
    architecture: str
    parameters: int
    score: RunResultsRetrievalStudentsScore


class RunResultsRetrievalEnsemble(TypedDict):
    meanAveragePrecision: float
    cmc: list[float]


class RunResultsRetrieval(TypedDict):
    students: list[RunResultsRetrievalStudents]
    ensemble: RunResultsRetrievalEnsemble


class RunResultsModelsStudent(TypedDict):
    name: str


class RunResultsModels(TypedDict):
    id: str
    student: RunResultsModelsStudent


class RunResultsEnsemble(TypedDict):
    id: str


class RunResults(TypedDict):
    id: str
    number: int
    status: RunStatus
    phase: Optional[RunPhase]
    failure: Optional[RunResultsFailure]
    waitingReason: Optional[str]
    cohort: RunResultsCohort
    datasetVersion: RunResultsDatasetVersion
    preset: str
    seed: int
    progress: RunResultsProgress
    students: list[RunResultsStudents]
    lastSeq: int
    createdAt: str
    finishedAt: Optional[str]
    evaluation: Optional[RunResultsEvaluation]
    retrieval: Optional[RunResultsRetrieval]
    models: list[RunResultsModels]
    ensemble: Optional[RunResultsEnsemble]


class WeightsPartsFits(TypedDict):
    architecture: str
    images: WeightsFitImages
    matched: int
    total: int
    naming: str
    newCount: int
    unusedCount: int


class WeightsParts(TypedDict):
    id: str
    name: str
    status: GivenWeightsStatus
    refusal: Optional[str]
    licence: Optional[str]
    origin: Optional[str]
    sha256: str
    fits: list[WeightsPartsFits]

EXPERIMENTS = """
query Experiments($teamId: ID!, $first: Int!) {
  node(id: $teamId) {
    __typename
    ... on Team {
      experiments(first: $first) {
        nodes {
          ...ExperimentParts
        }
      }
    }
  }
}

fragment ExperimentParts on Experiment {
  id
  number
  title
  seeds
  conditions
  decidedAt
  canceledAt
  createdAt
  arms {
    name
    control
    students
    method
  }
  datasetVersion {
    number
    dataset {
      name
    }
  }
  progress {
    status
    runs
    succeeded
    failed
    canceled
    running
    remainingSeconds
  }
}
"""

EXPERIMENT_BY_NUMBER = """
query ExperimentByNumber($slug: String!, $number: Int!) {
  team(slug: $slug) {
    experiment(number: $number) {
      ...ExperimentParts
    }
  }
}

fragment ExperimentParts on Experiment {
  id
  number
  title
  seeds
  conditions
  decidedAt
  canceledAt
  createdAt
  arms {
    name
    control
    students
    method
  }
  datasetVersion {
    number
    dataset {
      name
    }
  }
  progress {
    status
    runs
    succeeded
    failed
    canceled
    running
    remainingSeconds
  }
}
"""

EXPERIMENT_BY_ID = """
query ExperimentById($id: ID!) {
  node(id: $id) {
    __typename
    ... on Experiment {
      ...ExperimentParts
    }
  }
}

fragment ExperimentParts on Experiment {
  id
  number
  title
  seeds
  conditions
  decidedAt
  canceledAt
  createdAt
  arms {
    name
    control
    students
    method
  }
  datasetVersion {
    number
    dataset {
      name
    }
  }
  progress {
    status
    runs
    succeeded
    failed
    canceled
    running
    remainingSeconds
  }
}
"""

EXPERIMENT_RESULTS = """
query ExperimentResults($id: ID!) {
  node(id: $id) {
    __typename
    ... on Experiment {
      ...ExperimentParts
      results {
        notes
        comparisons {
          ...ComparedParts
        }
      }
    }
  }
}

fragment ExperimentParts on Experiment {
  id
  number
  title
  seeds
  conditions
  decidedAt
  canceledAt
  createdAt
  arms {
    name
    control
    students
    method
  }
  datasetVersion {
    number
    dataset {
      name
    }
  }
  progress {
    status
    runs
    succeeded
    failed
    canceled
    running
    remainingSeconds
  }
}

fragment ComparedParts on ExperimentComparison {
  condition
  arm
  control
  measure {
    name
    part
    unit
    student
    isPrimary
  }
  mean
  deviation
  inWords
  difference {
    mean
    low
    high
    pairs
    inWords
    tP
    holmP
    pInWords
    seedsBetter
    verdict {
      kind
      words
    }
  }
}
"""

EXPERIMENT_REPORT = """
query ExperimentReport($id: ID!, $format: ExperimentReportFormat!) {
  node(id: $id) {
    __typename
    ... on Experiment {
      results {
        report(format: $format)
      }
    }
  }
}
"""

EXPERIMENT_ESTIMATE = """
query ExperimentEstimate($slug: String!, $datasetVersionId: ID!, $experiment: JSON!) {
  team(slug: $slug) {
    experimentEstimate(datasetVersionId: $datasetVersionId, experiment: $experiment) {
      trials
      runs
      seconds
      basis
    }
  }
}
"""

START_EXPERIMENT = """
mutation StartExperiment($input: StartExperimentInput!) {
  startExperiment(input: $input) {
    experiment {
      ...ExperimentParts
    }
    warnings
    errors {
      code
      message
      path
    }
  }
}

fragment ExperimentParts on Experiment {
  id
  number
  title
  seeds
  conditions
  decidedAt
  canceledAt
  createdAt
  arms {
    name
    control
    students
    method
  }
  datasetVersion {
    number
    dataset {
      name
    }
  }
  progress {
    status
    runs
    succeeded
    failed
    canceled
    running
    remainingSeconds
  }
}
"""

CANCEL_EXPERIMENT = """
mutation CancelExperiment($input: CancelExperimentInput!) {
  cancelExperiment(input: $input) {
    experiment {
      ...ExperimentParts
    }
    errors {
      code
      message
      path
    }
  }
}

fragment ExperimentParts on Experiment {
  id
  number
  title
  seeds
  conditions
  decidedAt
  canceledAt
  createdAt
  arms {
    name
    control
    students
    method
  }
  datasetVersion {
    number
    dataset {
      name
    }
  }
  progress {
    status
    runs
    succeeded
    failed
    canceled
    running
    remainingSeconds
  }
}
"""

TRAINED_MODELS = """
query TrainedModels($teamId: ID!, $first: Int!, $filter: RegistryFilter) {
  node(id: $teamId) {
    __typename
    ... on Team {
      registry(first: $first, filter: $filter) {
        nodes {
          __typename
          ...TrainedParts
        }
        totalCount
      }
    }
  }
}

fragment TrainedParts on TrainedModel {
  id
  createdAt
  run {
    id
    number
    cohort {
      name
    }
    datasetVersion {
      dataset {
        name
      }
    }
  }
  aliases {
    name
  }
  artifacts {
    ...ArtifactParts
  }
  ... on Model {
    student {
      name
      architecture
    }
    parameters
    top1
    meanAveragePrecision
  }
  ... on Ensemble {
    parameters
    meanPosteriorTop1
    meanAveragePrecision
  }
}

fragment ArtifactParts on Artifact {
  id
  format
  fileName
  byteLength
  sha256
}
"""

CREATE_DOWNLOAD = """
mutation CreateDownload($input: CreateDownloadInput!) {
  createDownload(input: $input) {
    download {
      url
      artifact {
        ...ArtifactParts
      }
    }
    errors {
      code
      message
      path
    }
  }
}

fragment ArtifactParts on Artifact {
  id
  format
  fileName
  byteLength
  sha256
}
"""

CREATE_EXPORT = """
mutation CreateExport($input: CreateExportInput!) {
  createExport(input: $input) {
    export {
      id
      status
      failure
    }
    artifact {
      ...ArtifactParts
    }
    errors {
      code
      message
      path
    }
  }
}

fragment ArtifactParts on Artifact {
  id
  format
  fileName
  byteLength
  sha256
}
"""

EXPORT_BY_ID = """
query ExportById($id: ID!) {
  node(id: $id) {
    __typename
    ... on Export {
      status
      failure
    }
  }
}
"""

VIEWER = """
query Viewer {
  viewer {
    user {
      name
      email
    }
    teams {
      id
      slug
      name
    }
  }
}
"""

UPLOAD_BY_ID = """
query UploadById($id: ID!) {
  node(id: $id) {
    __typename
    ... on Upload {
      ...UploadParts
    }
  }
}

fragment UploadParts on Upload {
  id
  fileName
  url
  byteLength
  receivedBytes
  sha256
}
"""

CREATE_UPLOAD = """
mutation CreateUpload($input: CreateUploadInput!) {
  createUpload(input: $input) {
    upload {
      ...UploadParts
    }
    errors {
      code
      message
      path
    }
  }
}

fragment UploadParts on Upload {
  id
  fileName
  url
  byteLength
  receivedBytes
  sha256
}
"""

FINALIZE_UPLOAD = """
mutation FinalizeUpload($input: FinalizeUploadInput!) {
  finalizeUpload(input: $input) {
    upload {
      ...UploadParts
    }
    errors {
      code
      message
      path
    }
  }
}

fragment UploadParts on Upload {
  id
  fileName
  url
  byteLength
  receivedBytes
  sha256
}
"""

DATASETS = """
query Datasets($teamId: ID!, $after: String) {
  node(id: $teamId) {
    __typename
    ... on Team {
      datasets(first: 20, after: $after) {
        nodes {
          ...DatasetParts
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
}

fragment DatasetParts on Dataset {
  id
  name
  kind
  createdAt
  versions {
    ...VersionParts
  }
  latestReadyVersion {
    id
  }
}

fragment VersionParts on DatasetVersion {
  id
  number
  status
  failure
  height
  width
  channels
  classes
  splits {
    name
    count
  }
  progress {
    picturesSeen
    picturesTotal
    secondsLeft
  }
  upload {
    sha256
  }
  createdAt
}
"""

CREATE_DATASET = """
mutation CreateDataset($input: CreateDatasetInput!) {
  createDataset(input: $input) {
    dataset {
      ...DatasetParts
    }
    errors {
      code
      message
      path
    }
  }
}

fragment DatasetParts on Dataset {
  id
  name
  kind
  createdAt
  versions {
    ...VersionParts
  }
  latestReadyVersion {
    id
  }
}

fragment VersionParts on DatasetVersion {
  id
  number
  status
  failure
  height
  width
  channels
  classes
  splits {
    name
    count
  }
  progress {
    picturesSeen
    picturesTotal
    secondsLeft
  }
  upload {
    sha256
  }
  createdAt
}
"""

CREATE_DATASET_VERSION = """
mutation CreateDatasetVersion($input: CreateDatasetVersionInput!) {
  createDatasetVersion(input: $input) {
    datasetVersion {
      ...VersionParts
    }
    errors {
      code
      message
      path
    }
  }
}

fragment VersionParts on DatasetVersion {
  id
  number
  status
  failure
  height
  width
  channels
  classes
  splits {
    name
    count
  }
  progress {
    picturesSeen
    picturesTotal
    secondsLeft
  }
  upload {
    sha256
  }
  createdAt
}
"""

VERSION_CHANGES = """
subscription VersionChanges($id: ID!) {
  datasetVersionChanged(id: $id) {
    ...VersionParts
  }
}

fragment VersionParts on DatasetVersion {
  id
  number
  status
  failure
  height
  width
  channels
  classes
  splits {
    name
    count
  }
  progress {
    picturesSeen
    picturesTotal
    secondsLeft
  }
  upload {
    sha256
  }
  createdAt
}
"""

COHORTS = """
query Cohorts($teamId: ID!, $after: String) {
  node(id: $teamId) {
    __typename
    ... on Team {
      cohorts(first: 50, after: $after) {
        nodes {
          ...CohortParts
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
}

fragment CohortParts on Cohort {
  id
  name
  students {
    name
    architecture
    finishedModel {
      id
    }
    start {
      modelId
      weightsId
      name
      frozenEpochs
    }
  }
  teaching {
    method
    updateRule
    partnerRule
    temperature
    weight
    divergence
    featureWeight
    targetClassWeight
    otherClassesWeight
    standardizesLogits
    ensembleRule
    peerAverageDecay
    pausesLeader
  }
  createdAt
}
"""

CREATE_COHORT = """
mutation CreateCohort($input: CreateCohortInput!) {
  createCohort(input: $input) {
    cohort {
      ...CohortParts
    }
    errors {
      code
      message
      path
    }
  }
}

fragment CohortParts on Cohort {
  id
  name
  students {
    name
    architecture
    finishedModel {
      id
    }
    start {
      modelId
      weightsId
      name
      frozenEpochs
    }
  }
  teaching {
    method
    updateRule
    partnerRule
    temperature
    weight
    divergence
    featureWeight
    targetClassWeight
    otherClassesWeight
    standardizesLogits
    ensembleRule
    peerAverageDecay
    pausesLeader
  }
  createdAt
}
"""

WORKERS = """
query Workers {
  workers {
    ...WorkerParts
  }
}

fragment WorkerParts on Worker {
  name
  device
  deviceName
  capacity
  runsInHand
  drainedAt
  handsBack
  draining
  silent
  heartbeatAgeSeconds
}
"""

RUNS = """
query Runs($teamId: ID!, $first: Int!, $after: String, $statuses: [RunStatus!]) {
  node(id: $teamId) {
    __typename
    ... on Team {
      runs(first: $first, after: $after, statuses: $statuses) {
        nodes {
          ...RunParts
        }
        totalCount
      }
    }
  }
}

fragment RunParts on Run {
  id
  number
  status
  phase
  failure {
    code
    message
  }
  waitingReason
  cohort {
    id
    name
  }
  datasetVersion {
    id
    number
    dataset {
      name
      kind
    }
  }
  preset
  seed
  progress {
    step
    steps
    epoch
    epochs
    imagesPerSecond
    remainingSeconds
  }
  students {
    student {
      position
      name
      architecture
    }
    lastLoss
    lastTrainTop1
    lastTestTop1
    bestTestTop1
    lastTestMap
    bestTestMap
  }
  lastSeq
  createdAt
  finishedAt
}
"""

RUN_BY_NUMBER = """
query RunByNumber($slug: String!, $number: Int!) {
  team(slug: $slug) {
    run(number: $number) {
      ...RunResults
    }
  }
}

fragment RunResults on Run {
  ...RunParts
  evaluation {
    testCount
    students {
      name
      architecture
      parameters
      top1
      loss
    }
    meanPosteriorTop1
    concatenatedFeaturesTop1
  }
  retrieval {
    students {
      name
      architecture
      parameters
      score {
        meanAveragePrecision
        cmc
      }
    }
    ensemble {
      meanAveragePrecision
      cmc
    }
  }
  models {
    id
    student {
      name
    }
  }
  ensemble {
    id
  }
}

fragment RunParts on Run {
  id
  number
  status
  phase
  failure {
    code
    message
  }
  waitingReason
  cohort {
    id
    name
  }
  datasetVersion {
    id
    number
    dataset {
      name
      kind
    }
  }
  preset
  seed
  progress {
    step
    steps
    epoch
    epochs
    imagesPerSecond
    remainingSeconds
  }
  students {
    student {
      position
      name
      architecture
    }
    lastLoss
    lastTrainTop1
    lastTestTop1
    bestTestTop1
    lastTestMap
    bestTestMap
  }
  lastSeq
  createdAt
  finishedAt
}
"""

RUN_BY_ID = """
query RunById($id: ID!) {
  node(id: $id) {
    __typename
    ... on Run {
      ...RunResults
    }
  }
}

fragment RunResults on Run {
  ...RunParts
  evaluation {
    testCount
    students {
      name
      architecture
      parameters
      top1
      loss
    }
    meanPosteriorTop1
    concatenatedFeaturesTop1
  }
  retrieval {
    students {
      name
      architecture
      parameters
      score {
        meanAveragePrecision
        cmc
      }
    }
    ensemble {
      meanAveragePrecision
      cmc
    }
  }
  models {
    id
    student {
      name
    }
  }
  ensemble {
    id
  }
}

fragment RunParts on Run {
  id
  number
  status
  phase
  failure {
    code
    message
  }
  waitingReason
  cohort {
    id
    name
  }
  datasetVersion {
    id
    number
    dataset {
      name
      kind
    }
  }
  preset
  seed
  progress {
    step
    steps
    epoch
    epochs
    imagesPerSecond
    remainingSeconds
  }
  students {
    student {
      position
      name
      architecture
    }
    lastLoss
    lastTrainTop1
    lastTestTop1
    bestTestTop1
    lastTestMap
    bestTestMap
  }
  lastSeq
  createdAt
  finishedAt
}
"""

START_RUN = """
mutation StartRun($input: StartRunInput!) {
  startRun(input: $input) {
    run {
      ...RunParts
    }
    warnings
    errors {
      code
      message
      path
    }
  }
}

fragment RunParts on Run {
  id
  number
  status
  phase
  failure {
    code
    message
  }
  waitingReason
  cohort {
    id
    name
  }
  datasetVersion {
    id
    number
    dataset {
      name
      kind
    }
  }
  preset
  seed
  progress {
    step
    steps
    epoch
    epochs
    imagesPerSecond
    remainingSeconds
  }
  students {
    student {
      position
      name
      architecture
    }
    lastLoss
    lastTrainTop1
    lastTestTop1
    bestTestTop1
    lastTestMap
    bestTestMap
  }
  lastSeq
  createdAt
  finishedAt
}
"""

FORK_RUN = """
mutation ForkRun($input: ForkRunInput!) {
  forkRun(input: $input) {
    run {
      ...RunParts
    }
    warnings
    errors {
      code
      message
      path
    }
  }
}

fragment RunParts on Run {
  id
  number
  status
  phase
  failure {
    code
    message
  }
  waitingReason
  cohort {
    id
    name
  }
  datasetVersion {
    id
    number
    dataset {
      name
      kind
    }
  }
  preset
  seed
  progress {
    step
    steps
    epoch
    epochs
    imagesPerSecond
    remainingSeconds
  }
  students {
    student {
      position
      name
      architecture
    }
    lastLoss
    lastTrainTop1
    lastTestTop1
    bestTestTop1
    lastTestMap
    bestTestMap
  }
  lastSeq
  createdAt
  finishedAt
}
"""

FOLLOW_RUN = """
mutation FollowRun($input: FollowRunInput!) {
  followRun(input: $input) {
    errors {
      code
      message
      path
    }
  }
}
"""

PAUSE_RUN = """
mutation PauseRun($input: PauseRunInput!) {
  pauseRun(input: $input) {
    run {
      ...RunParts
    }
    errors {
      code
      message
      path
    }
  }
}

fragment RunParts on Run {
  id
  number
  status
  phase
  failure {
    code
    message
  }
  waitingReason
  cohort {
    id
    name
  }
  datasetVersion {
    id
    number
    dataset {
      name
      kind
    }
  }
  preset
  seed
  progress {
    step
    steps
    epoch
    epochs
    imagesPerSecond
    remainingSeconds
  }
  students {
    student {
      position
      name
      architecture
    }
    lastLoss
    lastTrainTop1
    lastTestTop1
    bestTestTop1
    lastTestMap
    bestTestMap
  }
  lastSeq
  createdAt
  finishedAt
}
"""

RESUME_RUN = """
mutation ResumeRun($input: ResumeRunInput!) {
  resumeRun(input: $input) {
    run {
      ...RunParts
    }
    errors {
      code
      message
      path
    }
  }
}

fragment RunParts on Run {
  id
  number
  status
  phase
  failure {
    code
    message
  }
  waitingReason
  cohort {
    id
    name
  }
  datasetVersion {
    id
    number
    dataset {
      name
      kind
    }
  }
  preset
  seed
  progress {
    step
    steps
    epoch
    epochs
    imagesPerSecond
    remainingSeconds
  }
  students {
    student {
      position
      name
      architecture
    }
    lastLoss
    lastTrainTop1
    lastTestTop1
    bestTestTop1
    lastTestMap
    bestTestMap
  }
  lastSeq
  createdAt
  finishedAt
}
"""

CANCEL_RUN = """
mutation CancelRun($input: CancelRunInput!) {
  cancelRun(input: $input) {
    run {
      ...RunParts
    }
    errors {
      code
      message
      path
    }
  }
}

fragment RunParts on Run {
  id
  number
  status
  phase
  failure {
    code
    message
  }
  waitingReason
  cohort {
    id
    name
  }
  datasetVersion {
    id
    number
    dataset {
      name
      kind
    }
  }
  preset
  seed
  progress {
    step
    steps
    epoch
    epochs
    imagesPerSecond
    remainingSeconds
  }
  students {
    student {
      position
      name
      architecture
    }
    lastLoss
    lastTrainTop1
    lastTestTop1
    bestTestTop1
    lastTestMap
    bestTestMap
  }
  lastSeq
  createdAt
  finishedAt
}
"""

RUN_EVENTS = """
subscription RunEvents($runId: ID!, $afterSeq: Int!) {
  runEvents(runId: $runId, afterSeq: $afterSeq) {
    __typename
    seq
    at
    ... on RunStatusChanged {
      status
      phase
      attempt
      failure {
        code
        message
      }
      pauseReason
    }
    ... on MetricsRecorded {
      progress {
        step
        steps
        epoch
        epochs
        imagesPerSecond
        remainingSeconds
      }
      series {
        student
        name
        steps
        values
      }
    }
    ... on LogWritten {
      level
      source
      message
    }
    ... on CheckpointSaved {
      step
      epoch
    }
  }
}
"""

GIVEN_WEIGHTS = """
query GivenWeights($teamId: ID!, $after: String) {
  node(id: $teamId) {
    __typename
    ... on Team {
      givenWeights(first: 100, after: $after) {
        nodes {
          ...WeightsParts
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
}

fragment WeightsParts on GivenWeights {
  id
  name
  status
  refusal
  licence
  origin
  sha256
  fits {
    architecture
    images
    matched
    total
    naming
    newCount
    unusedCount
  }
}
"""

GIVEN_WEIGHTS_BY_ID = """
query GivenWeightsById($id: ID!) {
  node(id: $id) {
    __typename
    ... on GivenWeights {
      ...WeightsParts
    }
  }
}

fragment WeightsParts on GivenWeights {
  id
  name
  status
  refusal
  licence
  origin
  sha256
  fits {
    architecture
    images
    matched
    total
    naming
    newCount
    unusedCount
  }
}
"""

CREATE_GIVEN_WEIGHTS = """
mutation CreateGivenWeights($input: CreateGivenWeightsInput!) {
  createGivenWeights(input: $input) {
    givenWeights {
      ...WeightsParts
    }
    errors {
      code
      message
      path
    }
  }
}

fragment WeightsParts on GivenWeights {
  id
  name
  status
  refusal
  licence
  origin
  sha256
  fits {
    architecture
    images
    matched
    total
    naming
    newCount
    unusedCount
  }
}
"""

DELETE_GIVEN_WEIGHTS = """
mutation DeleteGivenWeights($input: DeleteGivenWeightsInput!) {
  deleteGivenWeights(input: $input) {
    deletedId
    errors {
      code
      message
      path
    }
  }
}
"""

RUN_METRICS = """
query RunMetrics($id: ID!, $names: [String!], $maxPoints: Int!) {
  node(id: $id) {
    __typename
    ... on Run {
      students {
        student {
          name
        }
      }
      metrics(names: $names, maxPoints: $maxPoints) {
        student
        name
        steps
        values
      }
    }
  }
}
"""
