/** Of the engine that this process would train with. */
export function ownEngineBuild(): string
/** A name for the engine of the checkout in `root`: workers with the same one give the same numbers on the same machine. */
export function readEngineBuild(root: string): string
