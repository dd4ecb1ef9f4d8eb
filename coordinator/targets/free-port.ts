import { createServer, type AddressInfo } from 'node:net'

/** `port` when nobody listens on it on the loopback interface, another free one otherwise. */
export async function freePort(port: number): Promise<number> {
  return (await listenOnce(port)) ?? (await listenOnce(0))!
}

function listenOnce(port: number): Promise<number | null> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => {
      resolve(null)
    })
    server.listen(port, '127.0.0.1', () => {
      const { port: found } = server.address() as AddressInfo
      server.close(() => {
        resolve(found)
      })
    })
  })
}
