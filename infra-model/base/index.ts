export { awsBase } from './aws-base.ts'
