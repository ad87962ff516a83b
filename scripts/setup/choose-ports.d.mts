/** The ports chosen before for the API and the web pages, or undefined. */
export function readPorts(): { api: number; web: number } | undefined
/** The first port from `first` on that nobody listens on and that is not in `taken`. */
export function findFreePort(first: number, taken?: number[]): Promise<number>
/** Whether nobody listens on the port. */
export function isFree(port: number): Promise<boolean>
