import { expect, test } from '@jest/globals'
import { deploymentInput, type DeploymentInputInvalid } from '../deployment-input.ts'
import { exampleInput } from '../testing/example-input.ts'
import { putAt } from '../testing/field-at.ts'

/** What is wrong with the example once fields, given by their paths, are others. */
function problemsOf(changes: Readonly<Record<string, unknown>>): readonly string[] {
  const input = { input: structuredClone(exampleInput()) }
  for (const [path, field] of Object.entries(changes)) putAt(input, `input.${path}`, field)
  try {
    deploymentInput(input.input)
    return []
  } catch (error) {
    return (error as DeploymentInputInvalid).problems
  }
}

test('the example is an input, and what may be left out is filled in', () => {
  expect(problemsOf({})).toEqual([])
  const { database, ...rest } = exampleInput()
  const { port, ...shorter } = database
  expect(deploymentInput({ ...rest, database: shorter }).database.port).toBe(port)
})

test('every problem is listed with its place', () => {
  const problems = problemsOf({
    host: 'not a host',
    'replicas.least': 0,
    'database.secret': undefined,
    'weekly.colour': 'blue',
  })
  expect(problems).toEqual(
    expect.arrayContaining([
      'host must be something that is a host name',
      'replicas.least must be something that is a whole number from 1 to 100',
      'database.secret is missing',
      expect.stringMatching(/^weekly\.colour /),
    ]),
  )
  expect(problems).toHaveLength(4)
})

test('images without a tag, and those tagged latest, are refused', () => {
  for (const serving of ['registry/bullpen-serving', 'registry/bullpen-serving:latest', 'registry:5000/bullpen']) {
    expect(problemsOf({ 'images.serving': serving })).toHaveLength(1)
  }
  const digest = `registry:5000/bullpen@sha256:${'0'.repeat(64)}`
  expect(problemsOf({ 'images.serving': digest })).toEqual([])
})

test('fewer replicas at most than at least are refused', () => {
  expect(problemsOf({ 'replicas.most': 2 })).toEqual(['replicas.most is 2, less than replicas.least, 3'])
})

test('a password in an address of the objects is refused', () => {
  expect(problemsOf({ 'objects.endpoint': 'https://user:word@s3.example.com' })).toHaveLength(1)
})
