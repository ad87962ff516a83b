/** Deletes the operations and variables that GraphiQL keeps in the browser: on a shared machine they are nobody else’s affair. */
export function forgetOperations(): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith('graphiql:')) localStorage.removeItem(key)
}
