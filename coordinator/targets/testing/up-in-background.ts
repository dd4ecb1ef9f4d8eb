import type { ClusterRequest } from '#core/protocol'
import { loadInfra } from '../../main/load-infra.ts'
import { LocalTarget } from '../local-target.ts'
import { booked, standIn } from './stand-in.ts'

/** A coordinator of its own, for tests that kill it. Arguments: home, request as JSON. */
const [home = '', json = ''] = process.argv.slice(2)
const request = JSON.parse(json) as ClusterRequest
const target = new LocalTarget({ home, bullpen: standIn(home), env: {}, infra: loadInfra, note: () => undefined })
const rentals = booked(request.cluster, 'local', await target.plan(request))
await target.up(request, rentals, new AbortController().signal)
