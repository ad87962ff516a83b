const OLDEST = [20, 12]

/** One line that says that this Node is too old and where a newer one comes from, or undefined. Read by old ones too. */
export function describeOldNode(version) {
  const [major, minor] = version.split('.').map(Number)
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return undefined
  return `Node ${OLDEST.join('.')} or newer is needed, this is ${version}. Debian/Ubuntu, Fedora: from nodejs.org or nvm; macOS: brew install node`
}
