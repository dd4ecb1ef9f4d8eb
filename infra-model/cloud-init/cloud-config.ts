/** A file that cloud-init writes, owned by root. */
export interface HostFile {
  readonly path: string
  /** Octal, such as 0600. */
  readonly permissions: string
  readonly content: string
}

/** What a host does at its first boot: files, then commands, each a list of words; a failing one does not stop the next. */
export interface FirstBoot {
  readonly files: readonly HostFile[]
  readonly commands: readonly (readonly string[])[]
}

/** User data of cloud-init. JSON is YAML, and needs no quoting rules of its own. It must hold no secret: every user of the host, and of the cloud's console, can read it. */
export function cloudConfig({ files, commands }: FirstBoot): string {
  const document = {
    ssh_pwauth: false,
    write_files: files.map(({ path, permissions, content }) => ({ path, permissions, owner: 'root:root', content })),
    runcmd: commands,
  }
  return `#cloud-config\n${JSON.stringify(document, null, 1)}\n`
}
