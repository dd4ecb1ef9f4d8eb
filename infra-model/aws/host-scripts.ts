import { fetchAndWait } from '../cloud-init/fetch-and-wait.ts'
import type { AwsClusterInputs } from '../inputs/aws-cluster-inputs.ts'

const certificate = '/etc/bullpen/database-ca.pem'

/** Bash that prints a secret of the store; it stays out of files and arguments. */
export function readSecret(region: string, name: string): string {
  return `aws secretsmanager get-secret-value --region ${region} --secret-id ${name} --query SecretString --output text`
}

/**
 * Bash: fetches secrets into a file in memory that root alone can read, logs in for images, and waits for Redis.
 * @param redis address of the Redis host
 */
export function prepareScript({ base, image, idleExitSeconds }: AwsClusterInputs, redis: string): string {
  const registry = base.images.split('/')[0]!
  return `set -euo pipefail
umask 077
install -d -m 0755 /etc/bullpen
install -d -o 1000 -g 1000 -m 0700 /var/lib/bullpen
aws s3 cp --region ${base.region} --only-show-errors s3://${base.bucket}/ca/database.pem ${certificate}
chmod 0644 ${certificate}
database=$(${readSecret(base.region, base.databaseUrlSecret)})
password=$(${readSecret(base.region, base.redisPasswordSecret)})
cat > /run/bullpen/environment <<END
DATABASE_URL=$database
REDIS_URL=redis://:$password@${redis}:6379
BULLPEN_OBJECTS=${base.objects}
AWS_REGION=${base.region}
NODE_EXTRA_CA_CERTS=${certificate}
END
export DOCKER_CONFIG=/run/bullpen
aws ecr get-login-password --region ${base.region} | docker login --username AWS --password-stdin ${registry}
${fetchAndWait(image, redis, idleExitSeconds)}`
}

/**
 * Bash: the group shrinks by this host, so that nothing takes its place, unless it is spot that takes the host back: then
 * the group may find another. If the call fails, the host goes down all the same, and a successor ends as it did.
 */
export function leaveScript(region: string): string {
  return `address=http://169.254.169.254/latest
token=$(curl -sf -m 5 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' $address/api/token)
ask() { curl -sf -m 5 -H "X-aws-ec2-metadata-token: $token" $address/meta-data/$1; }
if ! ask spot/instance-action && ! ask events/recommendations/rebalance; then
  timeout 60 aws autoscaling terminate-instance-in-auto-scaling-group --region ${region} --instance-id $(ask instance-id) --should-decrement-desired-capacity
fi
systemctl poweroff
`
}
