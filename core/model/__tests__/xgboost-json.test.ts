import { expect, test } from '@jest/globals'
import { Forest, readXgboostJson } from '#core/model'
import { modelDocument, toText } from './model-json.ts'

type Document = ReturnType<typeof modelDocument>
const firstTree = (document: Document) => document.learner.gradient_booster.model.trees[0]!

function baseMargins(baseScore: string, objective = 'multi:softprob'): number[] {
  const document = modelDocument()
  document.learner.learner_model_param.base_score = baseScore
  document.learner.objective.name = objective
  if (objective === 'binary:logistic') {
    document.learner.learner_model_param.num_class = '0'
    document.learner.gradient_booster.model.tree_info = [0, 0, 0]
  }
  return [...Forest.fromXgboostJson(toText(document)).baseMargins]
}

test('base_score is read in each form a version writes', () => {
  expect(baseMargins('5E-1')).toEqual([0.5, 0.5, 0.5])
  expect(baseMargins('[5E-1]')).toEqual([0.5, 0.5, 0.5])
  expect(baseMargins('[1E-1,2E-1,3E-1]')).toEqual([0.1, 0.2, 0.3].map(Math.fround))
  expect(baseMargins('[2.5E-1]', 'binary:logistic')[0]).toBeCloseTo(Math.log(1 / 3), 6)
})

test('default directions are read as numbers and as booleans', () => {
  const document = modelDocument()
  for (const tree of document.learner.gradient_booster.model.trees) {
    tree.default_left = [true, false, false, false, false]
  }
  expect(readXgboostJson(toText(document)).trees[0]!.defaultLeft).toEqual([1, 0, 0, 0, 0])
})

const refusals: readonly (readonly [string, string, (document: Document) => void])[] = [
  ['a dart booster', 'its booster is dart', (d) => (d.learner.gradient_booster.name = 'dart')],
  ['a linear booster', 'its booster is gblinear', (d) => (d.learner.gradient_booster.name = 'gblinear')],
  ['another objective', 'its objective is rank:ndcg', (d) => (d.learner.objective.name = 'rank:ndcg')],
  ['categorical splits', 'tree 0 splits on categories', (d) => (firstTree(d).split_type[2] = 1)],
  ['vector leaves', 'tree 0 has vector leaves', (d) => (firstTree(d).tree_param.size_leaf_vector = '3')],
  ['several targets', 'more than one target', (d) => (d.learner.learner_model_param.num_target = '2')],
  ['a broken base_score', 'base_score is [x]', (d) => (d.learner.learner_model_param.base_score = '[x]')],
  ['a child out of range', 'node 2 of tree 0 has child 5', (d) => (firstTree(d).right_children[2] = 5)],
  ['a cycle', 'is reached twice', (d) => (firstTree(d).left_children[2] = 2)],
  ['a column out of range', 'splits on column 2 of 2', (d) => (firstTree(d).split_indices[0] = 2)],
  ['arrays of unequal length', 'sum_hessian of tree 0 has 4 values', (d) => firstTree(d).sum_hessian.pop()],
  ['an unknown class', 'tree 2 is in no class', (d) => (d.learner.gradient_booster.model.tree_info[2] = 3)],
  ['a missing tree', 'names 3 trees and there are 2', (d) => d.learner.gradient_booster.model.trees.pop()],
]

test.each(refusals)('%s is refused', (_, reason, bend) => {
  const document = modelDocument()
  bend(document)
  expect(() => readXgboostJson(toText(document))).toThrow(reason)
})

test('a text that is not a model is refused with MODEL_INVALID', () => {
  for (const text of ['', 'binf', '[]', '{}', 'null', toText(modelDocument()).slice(0, -20)]) {
    expect(() => readXgboostJson(text)).toThrow(expect.objectContaining({ code: 'MODEL_INVALID' }))
  }
})
