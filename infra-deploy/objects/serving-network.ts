import type { Chart } from 'cdk8s'
import { KubeIngress, KubeService, IntOrString } from 'cdk8s-plus-33/lib/imports/k8s.js'
import type { DeploymentInput } from '../deployment-input.ts'
import { labelsOf, names, selectorOf } from './names.ts'

/** How the service is reached: by name inside the cluster, over TLS from outside. */
export function addServingNetwork(chart: Chart, { host, ingress }: DeploymentInput): void {
  new KubeService(chart, 'service', {
    metadata: { name: names.serving, labels: labelsOf('serving') },
    spec: {
      type: 'ClusterIP',
      selector: selectorOf('serving'),
      ports: [
        {
          name: names.port,
          port: 80,
          targetPort: IntOrString.fromString(names.port),
          protocol: 'TCP',
          appProtocol: 'http',
        },
      ],
    },
  })
  new KubeIngress(chart, 'ingress', {
    metadata: { name: names.serving, labels: labelsOf('serving'), annotations: ingress.annotations },
    spec: {
      ingressClassName: ingress.className,
      tls: [{ hosts: [host], secretName: ingress.tlsSecret }],
      rules: [
        {
          host,
          http: {
            paths: [
              {
                path: '/',
                pathType: 'Prefix',
                backend: { service: { name: names.serving, port: { name: names.port } } },
              },
            ],
          },
        },
      ],
    },
  })
}
