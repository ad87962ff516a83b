/** Whether dist/ holds what the sources amount to. */
export function areProcessesBuilt(): boolean
/** Builds server, worker and commands into dist/. */
export function buildProcesses(): Promise<void>
