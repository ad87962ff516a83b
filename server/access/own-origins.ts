const OF_THIS_MACHINE = ['localhost', '127.0.0.1', '[::1]']

/**
 * The origins of the product's own pages. One that is on this machine has three names, and which of them people type
 * says nothing about who they are.
 */
export function ownOrigins(publicOrigin: string): string[] {
  const { protocol, hostname, port } = new URL(publicOrigin)
  if (!OF_THIS_MACHINE.includes(hostname)) return [publicOrigin]
  return OF_THIS_MACHINE.map((name) => `${protocol}//${name}${port && `:${port}`}`)
}
