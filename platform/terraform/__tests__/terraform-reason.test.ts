import { expect, test } from '@jest/globals'
import { lockIdOf, reasonOf } from '../terraform-reason.ts'

const local = `terraform_data.worker-1: Still creating... [10s elapsed]
╷
│ Error: local-exec provisioner error
│ 
│   with terraform_data.worker-1,
│   on cdk.tf.json line 166, in resource.terraform_data.worker-1.provisioner[0].local-exec:
│  166:               }
│ 
│ Error running command 'worker 127.0.0.1 7777': exit status 1. Output:
│ worker-1 did not come up: cannot reach postgres://bullpen:hunter2@10.0.0.1/db
│ 
╵
`
const remote = `terraform_data.worker-1 (remote-exec): worker-1 did not come up: no libxgboost
╷
│ Error: remote-exec provisioner error
│ 
│   with terraform_data.worker-1,
│   on cdk.tf.json line 20, in resource:
│   20: {
│ 
│ error executing "/tmp/run.sh": Process exited with status 1
╵
`
const locked = `╷
│ Error: Error acquiring the state lock
│ 
│ Error message: operation error S3: PutObject, 412
│ Lock Info:
│   ID:        1f2e3d4c-0000-1111-2222-333344445555
│   Path:      bucket/key
╵
`

test('the reason of a failure is the last error with what the command printed, without passwords', () => {
  const reason = reasonOf(local)
  expect(reason).toMatch(/^Error: local-exec provisioner error Error running command/)
  expect(reason).toMatch(/worker-1 did not come up: cannot reach postgres:\/\/\[redacted\]@10\.0\.0\.1\/db$/)
  expect(reason).not.toContain('cdk.tf.json')
})

test('the reason of a failure on another host holds what was printed there', () => {
  expect(reasonOf(remote)).toMatch(/status 1 worker-1 did not come up: no libxgboost$/)
})

test('a reason stays short whatever was printed, and keeps the end', () => {
  const reason = reasonOf(`│ Error: much\n${'noise and more noise\n'.repeat(500)}the end`)
  expect(reason.length).toBeLessThan(620)
  expect(reason).toMatch(/the end$/)
})

test('a lock that somebody else holds is found by its id', () => {
  expect(lockIdOf(locked)).toBe('1f2e3d4c-0000-1111-2222-333344445555')
  expect(lockIdOf(local)).toBeNull()
})
