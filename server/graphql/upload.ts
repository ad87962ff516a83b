import type { UploadResolvers } from './generated/resolvers.ts'

export const Upload: UploadResolvers = {
  receivedBytes: ({ id, status, byteLength }, _, { services }) =>
    status === 'FINALIZED' ? byteLength : services.uploads.receivedBytes(id),
  url: ({ id, status }) => (status === 'OPEN' ? `/uploads/${id}` : null),
}
