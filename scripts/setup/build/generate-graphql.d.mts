/** Every file of ours that decides what is generated. */
export function listGraphqlInputs(): string[]
/** Generates the code of schema and documents. */
export function generateGraphql(): Promise<void>
