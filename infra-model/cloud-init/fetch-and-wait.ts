/**
 * Bash, the end of a worker's preparation: fetches the image, forgets the login for it, and waits for Redis, five minutes
 * or as long as an agent may be idle. Its failure gives the host back.
 * @param redis address of the Redis host
 */
export function fetchAndWait(image: string, redis: string, idleExitSeconds: number): string {
  return `docker pull -q ${image}
rm -f /run/bullpen/config.json
for i in $(seq ${Math.min(300, idleExitSeconds)}); do
  timeout 2 bash -c '</dev/tcp/${redis}/6379' && exit 0
  sleep 1
done
echo 'Redis does not answer' >&2
exit 1
`
}
