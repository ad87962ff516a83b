/** How many of the training images a recipe's `validationShare` sets aside. */
export function countHeldOut(share: number, trainCount: number): number {
  return share === 0 ? 0 : Math.max(1, Math.round(share * trainCount))
}
