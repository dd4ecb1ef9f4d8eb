import { performance } from 'node:perf_hooks'
import { matrixRows, type Booster, type FitRequest, type FittedModel } from '#core/model'
import { checkRequest, gatherTraining } from '../fit-request.ts'
import { libraryParameters } from '../parameters.ts'
import { growAll, groupsOf } from '../training.ts'
import { NativeLibrary } from './library.ts'
import type { Handle } from './symbols.ts'

/** libxgboost in this thread. `nthread` is 1: trials run in parallel, one per thread, and OpenMP teams would fight. */
export class NativeBooster implements Booster {
  readonly engine = 'native'
  readonly version: string
  private readonly library: NativeLibrary

  private constructor(library: NativeLibrary) {
    this.library = library
    this.version = library.version
    library.silence()
  }

  /** Throws an Error that says why the library at `path` cannot serve. */
  static open(path: string): NativeBooster {
    return new NativeBooster(NativeLibrary.load(path))
  }

  fit(request: FitRequest): FittedModel {
    checkRequest(this.engine, request)
    const started = performance.now()
    const matrices: Handle[] = []
    const boosters: Handle[] = []
    try {
      const grown = this.grow(request, matrices, boosters)
      return { ...grown, fitMs: performance.now() - started }
    } finally {
      for (const booster of boosters) this.library.freeBooster(booster)
      for (const matrix of matrices) this.library.freeMatrix(matrix)
    }
  }

  /** Everything the library allocates is pushed to `matrices` and `boosters` at once, for the caller to free. */
  private grow(request: FitRequest, matrices: Handle[], boosters: Handle[]): Pick<FittedModel, 'json' | 'rounds'> {
    const { library } = this
    const training = this.trainingMatrix(request, matrices)
    const evaluation = this.evaluationMatrix(request, matrices)
    const booster = library.createBooster([...matrices])
    boosters.push(booster)
    library.configure(booster, {
      ...libraryParameters(request.parameters),
      verbosity: 0,
      disable_default_eval_metric: 1,
    })
    const margins = (request.earlyStopping?.evaluationRows.length ?? 0) * groupsOf(request.parameters)
    let grown = 0
    return growAll(
      {
        grow: (round) => {
          library.updateOneRound(booster, round, training)
          grown = round + 1
        },
        evaluationMargins: () => Float64Array.from(library.predict(booster, evaluation!, 'margin', margins)),
        toJson: (rounds) => {
          if (rounds === grown) return library.toJson(booster)
          const kept = library.slice(booster, rounds)
          boosters.push(kept)
          return library.toJson(kept)
        },
      },
      request,
    )
  }

  private trainingMatrix(request: FitRequest, matrices: Handle[]): Handle {
    const gathered = gatherTraining(request)
    const matrix = this.library.createMatrix(gathered.data, gathered.rows, request.matrix.columns)
    matrices.push(matrix)
    this.library.setMatrixInfo(matrix, 'label', gathered.labels)
    if (gathered.weights) this.library.setMatrixInfo(matrix, 'weight', gathered.weights)
    return matrix
  }

  private evaluationMatrix(request: FitRequest, matrices: Handle[]): Handle | undefined {
    if (request.earlyStopping === undefined) return undefined
    const { evaluationRows } = request.earlyStopping
    const { data } = matrixRows(request.matrix, evaluationRows)
    const matrix = this.library.createMatrix(data, evaluationRows.length, request.matrix.columns)
    matrices.push(matrix)
    return matrix
  }
}
