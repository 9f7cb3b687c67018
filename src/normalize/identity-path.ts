/** A template of IDENTITY_PATHS, ready to be held against a path. */
export type IdentityPath = (path: string) => Readonly<Record<string, string>> | undefined

/** `/collector/:oui/:pc/:sn` against `/collector/00256D/Z/Y`: each name with its segment. */
export function identityPath(template: string): IdentityPath {
  const segments = template.split('/')
  return (path) => {
    const sent = path.split('/')
    if (sent.length !== segments.length) return undefined
    const found: Record<string, string> = {}
    for (const [index, segment] of segments.entries()) {
      const value = sent[index] ?? ''
      if (segment.startsWith(':')) found[segment.slice(1)] = value
      else if (segment !== value) return undefined
    }
    return found
  }
}
