/** The page that lists the others. */
export function indexPage(runIds: readonly string[]): string {
  const pages = [
    ['/queues/', 'jobs on the shared queues'],
    ['/metrics', 'for Prometheus'],
    ['/status.json', 'hosts, threads, tasks'],
    ['/health', 'do the parts answer'],
  ]
  const items = pages.map(([path, text]) => `<li><a href="${path}">${path}</a> ${text}</li>`).join('\n')
  // A run id holds digits, dashes and hex letters only.
  const run = runIds.length === 0 ? 'no run yet' : `run ${runIds.join(', ')}`
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>bullpen: ${run}</title>
<style>body { font: 16px/1.5 system-ui, sans-serif; margin: 3rem auto; max-width: 36rem; padding: 0 1rem }</style>
<h1>bullpen</h1>
<p>${run}</p>
<ul>
${items}
</ul>
</html>
`
}
