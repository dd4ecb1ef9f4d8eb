/**
 * What the page may do: its own scripts, styles and requests, nothing of anybody else's and nothing inline.
 * `data:` images are those that the chart libraries draw themselves.
 */
const pagePolicy = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'connect-src': "'self'",
  'frame-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
}

/**
 * The viewer of a run's report, shown in a frame of the page. The report is one file with its style inside, so inline
 * style is allowed here; it is put into a frame with an empty sandbox, where no script runs.
 */
const reportViewerPolicy = { ...pagePolicy, 'style-src': "'self' 'unsafe-inline'", 'frame-ancestors': "'self'" }

/** Headers of a built file by its name. Names with a hash never change their content; the others are asked for anew. */
export function headersOf(path: string): Readonly<Record<string, string>> {
  const isReportViewer = path.endsWith('report.html')
  const policy = isReportViewer ? reportViewerPolicy : pagePolicy
  return {
    'content-security-policy': Object.entries(policy)
      .map(([directive, sources]) => `${directive} ${sources}`)
      .join('; '),
    'x-frame-options': isReportViewer ? 'SAMEORIGIN' : 'DENY',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': /\/assets\/[^/]+-[\w-]{8}\.\w+$/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
  }
}
