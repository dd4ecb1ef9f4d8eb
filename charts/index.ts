export { parameterAxis, placeOn, varyingAxes } from './parameter-axes.ts'
export type { DrawnTrial, ParameterAxis } from './parameter-axes.ts'
