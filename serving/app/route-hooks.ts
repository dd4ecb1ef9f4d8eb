import type { onRequestHookHandler, onSendHookHandler, RouteOptions } from 'fastify'

interface Hooks {
  readonly onRequest: onRequestHookHandler
  readonly onSend: onSendHookHandler
}

/**
 * Adds a hook to one route, behind those it has. What a hook has to know of its route is known then: asking each request
 * for it (`request.routeOptions`) has Fastify put together an object of a dozen members.
 */
export function addRouteHook<Name extends keyof Hooks>(route: RouteOptions, name: Name, hook: Hooks[Name]): void {
  const hooks = [route[name] ?? []].flat() as Hooks[Name][]
  Object.assign(route, { [name]: [...hooks, hook] })
}
