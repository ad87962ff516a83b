import { UploadInspection } from '../../../contract/upload-inspection.ts'
import { publicUrl } from '../../public-url.ts'
import type { UploadResolvers } from '../generated/resolvers.ts'

export const Upload: UploadResolvers = {
  receivedBytes: ({ id, status, byteLength }, _, { services }) =>
    status === 'FINALIZED' ? byteLength : services.uploads.receivedBytes(id),
  inspection: ({ inspection }) => (inspection === null ? null : shapeOf(UploadInspection.parse(inspection))),
  url: ({ id, status }, _, { services }) =>
    status === 'OPEN' ? publicUrl(services.config, `/uploads/${id}`) : null,
}

function shapeOf(inspection: UploadInspection) {
  if (inspection.outcome === 'RECOGNISED') return inspection
  return { refusal: inspection.reason, classes: [], splits: [], notes: [], doubts: [] }
}
