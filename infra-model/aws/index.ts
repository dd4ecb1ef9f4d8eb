export { awsCluster } from './aws-cluster.ts'
