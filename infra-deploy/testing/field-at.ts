/** The field of a JSON value at a path such as `spec.ports.0.name`; undefined where there is none. */
export function fieldAt(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((inner, key) => (inner as Readonly<Record<string, unknown>> | undefined)?.[key], value)
}

/** Puts `field` at a path of a JSON value; undefined removes what is there. */
export function putAt(value: unknown, path: string, field: unknown): void {
  const end = path.lastIndexOf('.')
  const [parent, key] = [end < 0 ? value : fieldAt(value, path.slice(0, end)), path.slice(end + 1)]
  if (field === undefined) Reflect.deleteProperty(parent as object, key)
  else Reflect.set(parent as object, key, field)
}
