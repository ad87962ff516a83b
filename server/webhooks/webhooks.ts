import { WebhookSecrets } from './webhook-secrets.ts'

/** What use cases need of webhooks. */
export class Webhooks {
  readonly secrets: WebhookSecrets
  /** To be called once a delivery that is due is committed. */
  onDue: () => void = () => {}

  constructor(authSecret: string) {
    this.secrets = new WebhookSecrets(authSecret)
  }
}
