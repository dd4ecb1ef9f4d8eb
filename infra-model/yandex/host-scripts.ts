import { fetchAndWait } from '../cloud-init/fetch-and-wait.ts'
import type { YandexClusterInputs } from '../inputs/yandex-cluster-inputs.ts'

const metadata = 'http://169.254.169.254/computeMetadata/v1/instance'
const certificate = '/etc/bullpen/database-ca.pem'

/** Bash: `token` prints one of the host's account; `entry SECRET KEY` prints an entry of a secret. Neither passes an argument that is secret. */
const readSecrets = `token() { curl -sf -m 10 -H 'Metadata-Flavor: Google' ${metadata}/service-accounts/default/token | python3 -c 'import json,sys; print(json.load(sys.stdin)["access_token"])'; }
entry() {
  printf 'header = "Authorization: Bearer %s"\\n' "$(token)" |
    curl -sf -m 10 -K - https://payload.lockbox.api.cloud.yandex.net/lockbox/v1/secrets/$1/payload |
    python3 -c 'import json,sys; print(next(e["textValue"] for e in json.load(sys.stdin)["entries"] if e["key"] == sys.argv[1]))' $2
}
`

/** Bash that prints the password of Redis. */
export function redisPassword(secret: string): string {
  return `${readSecrets}entry ${secret} value`
}

/** Bash: as `prepareScript` of AWS does, with the store and the registry of Yandex Cloud. */
export function prepareScript({ base, image, idleExitSeconds }: YandexClusterInputs, redis: string): string {
  return `set -euo pipefail
umask 077
${readSecrets}install -d -m 0755 /etc/bullpen
install -d -o 1000 -g 1000 -m 0700 /var/lib/bullpen
curl -sf -m 30 -o ${certificate} https://storage.yandexcloud.net/cloud-certs/CA.pem
chmod 0644 ${certificate}
database=$(entry ${base.databaseUrlSecret} value)
password=$(entry ${base.redisPasswordSecret} value)
access=$(entry ${base.objectKeySecret} access)
secret=$(entry ${base.objectKeySecret} secret)
cat > /run/bullpen/environment <<END
DATABASE_URL=$database
REDIS_URL=redis://:$password@${redis}:6379
BULLPEN_OBJECTS=${base.objects}
S3_ENDPOINT=https://storage.yandexcloud.net
AWS_REGION=ru-central1
AWS_ACCESS_KEY_ID=$access
AWS_SECRET_ACCESS_KEY=$secret
NODE_EXTRA_CA_CERTS=${certificate}
END
export DOCKER_CONFIG=/run/bullpen
token | docker login --username iam --password-stdin cr.yandex
${fetchAndWait(image, redis, idleExitSeconds)}`
}

/**
 * Bash: asks the reaper to take the host out of its group, unless the cloud itself takes the host down (a preempted host
 * is started again by its group, and goes on). A group would start again what merely shut down.
 */
export function leaveScript({ base }: YandexClusterInputs): string {
  return `[ "$(systemctl is-system-running)" = stopping ] && exit 0
${readSecrets}id=$(curl -sf -m 5 -H 'Metadata-Flavor: Google' ${metadata}/id)
for i in 1 2 3 4 5; do
  printf 'header = "Authorization: Bearer %s"\\n' "$(token)" |
    curl -sf -m 60 -K - -d "{\\"leave\\":\\"$id\\"}" https://functions.yandexcloud.net/${base.reaper} && break
  sleep 10
done
systemctl poweroff
`
}
