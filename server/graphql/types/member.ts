import type { MemberResolvers } from '../generated/resolvers.ts'

export const Member: MemberResolvers = {
  user: ({ userId }, _, { loaders }) => loaders.user.load(userId),
}
