import type { Cluster } from '#client'
import type { Host } from '../../api/shapes.ts'
import { Panel } from '../../shell/panel.tsx'
import { PanelSkeleton, Shown } from '../../shell/states.tsx'
import type { Resource } from '../../state/use-resource.ts'
import { count } from '../../words/numbers.ts'

/** The hosts that train, and how busy they are. */
export function ClusterPanel({ cluster }: { readonly cluster: Resource<Cluster> }) {
  return (
    <Shown resource={cluster} loading={<PanelSkeleton label="Loading the hosts" lines={3} />}>
      {({ hosts, threads, busy }) => (
        <Panel title="Hosts" aside={hosts.length === 0 ? undefined : `${busy} of ${threads} threads at work`}>
          {hosts.length === 0 ? (
            <p className="aside">
              None was heard of within the last hour. A run on this machine needs none; <code>bullpen worker</code> adds
              one.
            </p>
          ) : (
            <ul className="hosts">
              {hosts.map((host) => (
                <HostRow key={host.host} host={host} />
              ))}
            </ul>
          )}
        </Panel>
      )}
    </Shown>
  )
}

function HostRow({ host }: { readonly host: Host }) {
  const done = host.agents.reduce((sum, agent) => sum + agent.done, 0)
  const failed = host.agents.reduce((sum, agent) => sum + agent.failed, 0)
  const away = host.agents.filter((agent) => agent.state !== 'running').map((agent) => agent.state)
  return (
    <li>
      <p className="host-name">
        <strong>{host.host}</strong>
        <span>
          {away.map((state, i) => (
            <span key={i} className={state === 'lost' ? 'chip is-bad' : 'chip'}>
              {state}
            </span>
          ))}{' '}
          {host.busy}/{host.threads}
        </span>
      </p>
      <div className="threads" aria-hidden="true">
        {Array.from({ length: Math.min(host.threads, 64) }, (_, i) => (
          <i key={i} className={i < host.busy ? 'is-busy' : undefined} />
        ))}
      </div>
      <p className="host-facts">
        {count(done)} tasks done{failed > 0 && `, ${count(failed)} failed`}, {host.cores} cores
      </p>
    </li>
  )
}
