import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Value } from '@sinclair/typebox/value'
import { PrometheusRule, ServiceMonitor } from '../objects/prometheus-operator.ts'

/** A type as jsii describes it. */
type JsiiType =
  | { readonly primitive: string }
  | { readonly fqn: string }
  | { readonly collection: { readonly kind: 'array' | 'map'; readonly elementtype: JsiiType } }

interface JsiiProperty {
  readonly name: string
  readonly optional?: boolean
  readonly type: JsiiType
  /** Its `schema` ends with `#` and the name the field has in Kubernetes. */
  readonly docs: { readonly custom?: { readonly schema?: string } }
}

interface JsiiInterface {
  readonly kind: 'interface' | 'class' | 'enum'
  readonly name: string
  readonly namespace?: string
  readonly properties?: readonly JsiiProperty[]
  readonly docs?: { readonly custom?: { readonly schema?: string } }
}

const own = { ServiceMonitor, PrometheusRule } as const

/**
 * What is wrong with Kubernetes objects, judged by the schema of Kubernetes 1.33 that cdk8s-plus-33 was generated from:
 * its jsii assembly names each field of each type. Wrong types, missing and unknown fields are found, offline. Ranges
 * and rules between fields are the API server's to judge. Of the Prometheus operator only what is used here is known.
 */
export class KubernetesSchema {
  private readonly types: Readonly<Record<string, JsiiInterface>>
  private readonly kinds = new Map<string, JsiiInterface>()

  constructor() {
    const folder = dirname(createRequire(import.meta.url).resolve('cdk8s-plus-33/package.json'))
    const assembly = JSON.parse(readFileSync(join(folder, '.jsii'), 'utf8')) as { types: Record<string, JsiiInterface> }
    this.types = assembly.types
    for (const type of Object.values(assembly.types)) {
      const schema = type.docs?.custom?.schema
      if (type.namespace === 'k8s' && schema !== undefined && type.name.endsWith('Props')) this.kinds.set(schema, type)
    }
  }

  /** Every problem with its place, e.g. `spec.replicas: is "two", not a whole number`; empty when there is none. */
  problemsOf(object: Readonly<Record<string, unknown>>): readonly string[] {
    const { apiVersion, kind, ...fields } = object
    if (typeof apiVersion !== 'string' || typeof kind !== 'string') return ['apiVersion or kind is missing']
    if (apiVersion === 'monitoring.coreos.com/v1' && kind in own) {
      const errors = [...Value.Errors(own[kind as keyof typeof own], object)]
      return errors.map(({ path, message }) => `${path.slice(1).replaceAll('/', '.')}: ${message}`)
    }
    const [group, version] = apiVersion.includes('/')
      ? (apiVersion.split('/') as [string, string])
      : ['core', apiVersion]
    const type = this.kinds.get(`io.k8s.api.${group.split('.')[0]!}.${version}.${kind}`)
    if (type === undefined) return [`there is no ${kind} in ${apiVersion}`]
    return this.fieldProblems(type, fields, '')
  }

  private fieldProblems(type: JsiiInterface, value: Readonly<Record<string, unknown>>, place: string): string[] {
    const fields = new Map((type.properties ?? []).map((property) => [nameOf(property), property]))
    const problems: string[] = []
    for (const [name, property] of fields) {
      if (value[name] !== undefined) problems.push(...this.problems(property.type, value[name], `${place}${name}`))
      else if (!property.optional) problems.push(`${place}${name}: is missing`)
    }
    for (const name of Object.keys(value)) if (!fields.has(name)) problems.push(`${place}${name}: is no such field`)
    return problems
  }

  private problems(type: JsiiType, value: unknown, place: string): string[] {
    const found = (expected: string): string[] => [`${place}: is ${JSON.stringify(value)}, not ${expected}`]
    if ('collection' in type) {
      const { kind, elementtype } = type.collection
      if (kind === 'array') {
        if (!Array.isArray(value)) return found('a list')
        return value.flatMap((element, i) => this.problems(elementtype, element, `${place}[${i}]`))
      }
      if (!isRecord(value)) return found('a map')
      return Object.entries(value).flatMap(([key, element]) => this.problems(elementtype, element, `${place}.${key}`))
    }
    if ('primitive' in type) return isPrimitive(type.primitive, value) ? [] : found(primitives[type.primitive]!)
    const named = this.types[type.fqn]!
    if (named.kind !== 'interface') return isText(value) || isWhole(value) ? [] : found(`a ${named.name}`)
    return isRecord(value) ? this.fieldProblems(named, value, `${place}.`) : found('an object')
  }
}

/** What a primitive of jsii stands for. Of the API's numbers only those of JSON schemas are not whole. */
const primitives: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a whole number',
  boolean: 'true or false',
  date: 'a time',
  any: 'anything',
}

function isPrimitive(primitive: string, value: unknown): boolean {
  if (primitive === 'any') return true
  if (primitive === 'number') return isWhole(value)
  if (primitive === 'boolean') return typeof value === 'boolean'
  return isText(value)
}

function isWhole(value: unknown): boolean {
  return Number.isInteger(value)
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function nameOf({ name, docs }: JsiiProperty): string {
  return docs.custom?.schema?.split('#')[1] ?? name
}
