export { currency, price } from './money.ts'
export { eachTime } from './each-time.ts'
export { wholeNumber } from './whole-number.ts'
