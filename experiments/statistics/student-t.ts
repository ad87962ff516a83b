/** Student's t distribution, by the regularised incomplete beta function. */

/** P(|T| >= |t|) of Student's t distribution: the two-sided p of a t statistic. @param t  any, infinite too */
export function twoSidedP(t: number, degreesOfFreedom: number): number {
  if (!Number.isFinite(t)) return 0
  return incompleteBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 1 / 2)
}

/** The t that |T| exceeds with probability `p`; an interval of so many standard errors has confidence 1 - p. */
export function twoSidedQuantile(p: number, degreesOfFreedom: number): number {
  let low = 0
  let high = 1
  while (twoSidedP(high, degreesOfFreedom) > p) high *= 2
  // Bisected down to adjacent numbers: as exact as the distribution itself.
  for (let middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2) {
    if (twoSidedP(middle, degreesOfFreedom) > p) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** I_x(a, b), for x in [0, 1]. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  // The continued fraction converges fast only below the mean.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a)
  const logBeta = logGamma(a) + logGamma(b) - logGamma(a + b)
  return (Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta) * betaFraction(x, a, b)) / a
}

/** The continued fraction of I_x(a, b), by Lentz's method. */
function betaFraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / (1 - ((a + b) * x) / (a + 1))
  let value = d
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    const odd = -((a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    const before = value
    for (const term of [even, odd]) {
      d = 1 / (1 + term * d)
      c = 1 + term / c
      value *= c * d
    }
    if (Math.abs(value - before) <= 1e-15 * Math.abs(value)) return value
  }
  throw new RangeError('the incomplete beta function did not converge')
}

/** log Γ(x) for x > 0, by Lanczos's approximation (g = 7, n = 9): 15 digits. */
function logGamma(x: number): number {
  const z = x - 1
  const sum = LANCZOS.reduce((total, coefficient, i) => total + coefficient / (z + i + 1), LANCZOS_FIRST)
  const base = z + 7.5
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(base) - base + Math.log(sum)
}

const LANCZOS_FIRST = 0.999_999_999_999_809_9
const LANCZOS = [
  676.520_368_121_885_1, -1259.139_216_722_402_8, 771.323_428_777_653_1, -176.615_029_162_140_6,
  12.507_343_278_686_905, -0.138_571_095_265_720_12, 9.984_369_578_019_572e-6, 1.505_632_735_149_311_6e-7,
]
