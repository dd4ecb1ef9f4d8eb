// HEALTHCHECK of the serving image: the slim image has no curl. Status 0 when the service answers within 3 s.
const port = process.env.BULLPEN_HEALTH_PORT ?? '8080'
const answer = await fetch(`http://127.0.0.1:${port}/healthcheck`, { signal: AbortSignal.timeout(3000) }).catch(
  () => undefined,
)
process.exitCode = answer?.ok ? 0 : 1
