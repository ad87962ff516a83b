/** What a mail says, and until when it is worth anything. */
export interface Letter {
  subject: string
  text: string
  expiresAt: Date
}

const SIGNATURE = 'Studyhall'

/** Sent by the administrator to see whether mail arrives. */
export function writeTrial(publicOrigin: string, expiresAt: Date): Letter {
  const text = `This is a trial. Mail from ${publicOrigin} reaches you.`
  return { subject: 'A trial of Studyhall’s mail', text: signed(text), expiresAt }
}

function signed(...paragraphs: string[]): string {
  return `${[...paragraphs, SIGNATURE].join('\n\n')}\n`
}
