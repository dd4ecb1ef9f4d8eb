import { BullpenError } from '#core/errors'
import type { ForestDefinition, TreeArrays } from './forest-definition.ts'

type Fields = Readonly<Record<string, unknown>>

/**
 * Reads the JSON that XGBoost 1.7 to 3.x saves (doc/model.schema of its sources), for the two objectives bullpen trains.
 * Everything else a model file may hold (dart, linear, categorical splits, vector leaves) is refused by name rather
 * than answered wrongly. Throws MODEL_INVALID.
 */
export function readXgboostJson(text: string): ForestDefinition {
  const learner = record(record(parse(text), 'the model').learner, 'learner')
  const objective = readObjective(learner)
  const parameters = record(learner.learner_model_param, 'learner_model_param')
  const columns = integer(parameters.num_feature, 'num_feature')
  const groups = Math.max(1, integer(parameters.num_class, 'num_class'))
  if (objective === 'multi:softprob' ? groups < 2 : groups > 1) invalid(`${objective} with num_class ${groups}`)
  if (integer(parameters.num_target ?? '1', 'num_target') > 1) invalid('it has more than one target')
  const model = readTreeModel(learner)
  const info = numbers(model.tree_info, 'tree_info')
  const trees = list(model.trees, 'trees').map((tree, i) => readTree(record(tree, 'tree'), i, info[i], columns, groups))
  if (info.length !== trees.length) invalid(`tree_info names ${info.length} trees and there are ${trees.length}`)
  return { objective, columns, groups, trees, baseMargins: readBase(parameters.base_score, objective, groups) }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new BullpenError('MODEL_INVALID', { reason: 'it is not JSON' }, { cause })
  }
}

function readObjective(learner: Fields): ForestDefinition['objective'] {
  const name = record(learner.objective, 'objective').name
  if (name === 'multi:softprob' || name === 'binary:logistic') return name
  return invalid(`its objective is ${String(name)}, not multi:softprob or binary:logistic`)
}

function readTreeModel(learner: Fields): Fields {
  const booster = record(learner.gradient_booster, 'gradient_booster')
  if (booster.name !== 'gbtree') invalid(`its booster is ${String(booster.name)}, only gbtree is read`)
  return record(booster.model, 'model')
}

/**
 * `base_score` is "5E-1" before 3.1 and "[5E-1]" or one value per class since. It is kept in output space: a
 * probability for binary:logistic, whose margin is its logit; the margin itself for multi:softprob.
 */
function readBase(value: unknown, objective: ForestDefinition['objective'], groups: number): Float64Array {
  if (typeof value !== 'string') return invalid('base_score is missing')
  const scores = value
    .replace(/^\[|\]$/g, '')
    .split(',')
    .map(Number)
  if (scores.some((score) => !Number.isFinite(score)) || (scores.length !== 1 && scores.length !== groups)) {
    return invalid(`base_score is ${value}`)
  }
  const margin = (score: number) => Math.fround(objective === 'binary:logistic' ? -Math.log(1 / score - 1) : score)
  const base = Float64Array.from({ length: groups }, (_, g) => margin(scores[scores.length === 1 ? 0 : g]!))
  return base.every(Number.isFinite) ? base : invalid(`base_score is ${value}`)
}

function readTree(tree: Fields, index: number, group: number | undefined, columns: number, groups: number): TreeArrays {
  const where = `tree ${index}`
  const left = numbers(tree.left_children, `left_children of ${where}`)
  const field = (name: string) => {
    const values = numbers(tree[name], `${name} of ${where}`)
    if (values.length !== left.length) invalid(`${name} of ${where} has ${values.length} values of ${left.length}`)
    return values
  }
  const read: TreeArrays = {
    group: group ?? -1,
    left,
    right: field('right_children'),
    column: field('split_indices'),
    value: field('split_conditions'),
    defaultLeft: field('default_left'),
    gain: field('loss_changes'),
    cover: field('sum_hessian'),
  }
  if (!Number.isInteger(read.group) || read.group < 0 || read.group >= groups) invalid(`${where} is in no class`)
  if (numbers(tree.split_type ?? [], 'split_type').some((type) => type !== 0)) invalid(`${where} splits on categories`)
  const leafSize = integer(record(tree.tree_param, 'tree_param').size_leaf_vector ?? '0', 'size_leaf_vector')
  if (leafSize > 1) invalid(`${where} has vector leaves`)
  checkShape(read, where, columns)
  return read
}

/** Every child in range and reached once from the root, every split on a column the model has. */
function checkShape(tree: TreeArrays, where: string, columns: number): void {
  const count = tree.left.length
  if (count === 0) invalid(`${where} is empty`)
  const reached = new Uint8Array(count)
  const stack = [0]
  while (stack.length > 0) {
    const node = stack.pop()!
    if (reached[node] === 1) invalid(`node ${node} of ${where} is reached twice`)
    reached[node] = 1
    const left = tree.left[node]!
    const right = tree.right[node]!
    if (left === -1 && right === -1) continue
    for (const child of [left, right]) {
      if (!Number.isInteger(child) || child < 1 || child >= count)
        invalid(`node ${node} of ${where} has child ${child}`)
      stack.push(child)
    }
    const column = tree.column[node]!
    if (!Number.isInteger(column) || column < 0 || column >= columns) {
      invalid(`node ${node} of ${where} splits on column ${column} of ${columns}`)
    }
  }
}

function record(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return invalid(`${name} is missing`)
  return value as Fields
}

function list(value: unknown, name: string): readonly unknown[] {
  return Array.isArray(value) ? value : invalid(`${name} is missing`)
}

/** Flags count as numbers: `default_left` is 0/1 or false/true by version. */
function numbers(value: unknown, name: string): readonly number[] {
  const values = list(value, name)
  if (values.every((item) => typeof item === 'number')) return values
  if (values.every((item) => typeof item === 'boolean')) return values.map(Number)
  return invalid(`${name} holds something that is not a number`)
}

function integer(value: unknown, name: string): number {
  const number = typeof value === 'string' && value !== '' ? Number(value) : NaN
  return Number.isInteger(number) && number >= 0 ? number : invalid(`${name} is ${String(value)}`)
}

function invalid(reason: string): never {
  throw new BullpenError('MODEL_INVALID', { reason })
}
