const OLDEST = [20, 12]

/**
 * A message that this Node is too old and where to get a newer one, or undefined. Must also parse in old
 * versions.
 */
export function describeOldNode(version) {
  const [major, minor] = version.split('.').map(Number)
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return undefined
  return `Node ${OLDEST.join('.')} or newer is needed, this is ${version}. Debian/Ubuntu, Fedora: from nodejs.org or nvm; macOS: brew install node`
}
