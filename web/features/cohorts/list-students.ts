/** The architectures of a cohort with their counts: `2 × resnet-20, resnet-32`. */
export function listStudents(students: { architecture: string }[]): string {
  const counts = new Map<string, number>()
  for (const { architecture } of students) counts.set(architecture, (counts.get(architecture) ?? 0) + 1)
  return [...counts].map(([name, count]) => (count > 1 ? `${count} × ${name}` : name)).join(', ')
}
