import { createWebhook } from '../../use-cases/webhooks/create-webhook.ts'
import { deleteWebhook } from '../../use-cases/webhooks/delete-webhook.ts'
import { readDeliveries } from '../../use-cases/webhooks/read-webhooks.ts'
import { rotateWebhookSecret } from '../../use-cases/webhooks/rotate-webhook-secret.ts'
import { replayDelivery, sendTestEvent } from '../../use-cases/webhooks/send-again.ts'
import { updateWebhook } from '../../use-cases/webhooks/update-webhook.ts'
import type { MutationResolvers, WebhookDeliveryResolvers, WebhookResolvers } from '../generated/resolvers.ts'
import { answer } from './answer.ts'

export const Webhook: WebhookResolvers = {
  createdBy: ({ createdById }, _, { loaders }) =>
    createdById === null ? null : loaders.user.load(createdById),
  previousSecretUntil: ({ previousSecretUntil: until }) => (until && until > new Date() ? until : null),
  deliveries: ({ id }, page, { services }) => readDeliveries(services.database, id, page),
}

export const WebhookDelivery: WebhookDeliveryResolvers = {
  attempts: ({ id }, _, { loaders }) => loaders.attemptsOfDelivery.load(id),
  nextAttemptAt: ({ status, nextAttemptAt }) => (status === 'PENDING' ? nextAttemptAt : null),
}

export const webhookMutations = {
  createWebhook: (_, { input }, { services, actor }) =>
    answer(() => createWebhook(services, actor, { ...input, format: input.format ?? 'STUDYHALL' })),
  updateWebhook: (_, { input }, { services, actor }) =>
    answer(async () => ({ webhook: await updateWebhook(services, actor, input) })),
  deleteWebhook: (_, { input }, { services, actor }) =>
    answer(async () => ({ deletedId: await deleteWebhook(services, actor, input) })),
  rotateWebhookSecret: (_, { input }, { services, actor }) =>
    answer(() => rotateWebhookSecret(services, actor, input)),
  sendTestEvent: (_, { input }, { services, actor }) =>
    answer(async () => ({ webhookDelivery: await sendTestEvent(services, actor, input) })),
  replayDelivery: (_, { input }, { services, actor }) =>
    answer(async () => ({ webhookDelivery: await replayDelivery(services, actor, input) })),
} satisfies MutationResolvers
