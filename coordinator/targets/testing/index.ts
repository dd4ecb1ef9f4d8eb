export { awsAnswers, awsSettings, CloudLab, cloudRentals, cloudRequest, yandexAnswers } from './cloud-lab.ts'
export { describeWithTools } from './describe-with-tools.ts'
export { booked, standIn } from './stand-in.ts'
export { weekRequest } from './week-request.ts'
