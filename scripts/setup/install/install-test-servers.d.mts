export function testServerProgram(program: 'weed' | 'valkey-server'): string
export const installTestServers: {
  isCurrent(): boolean
  run(options: { signal: AbortSignal; tell(text: string): void }): Promise<void>
}
