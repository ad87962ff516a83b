/** An experiment that cannot be carried out as it is written; its message names what is wrong. */
export class DesignProblem extends Error {}
