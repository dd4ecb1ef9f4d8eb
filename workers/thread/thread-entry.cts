/*
 * What piscina loads in a thread, with the module of the pool as its argument. It would load that itself by `require`, and
 * Node 20 ends the whole process ("IsGraphAsync must be used on an instantiated module") when a thread is ended while it
 * requires an ES module: of threads with 3,000 modules ended at random, one of the first few. One that imports just ends.
 */
const [, , module_] = process.argv
module.exports = { run: import(module_!).then(({ run }: { readonly run: unknown }) => run) }
