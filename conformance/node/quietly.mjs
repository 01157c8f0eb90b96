// `@cqframework/cql` prints its start, and every fault that it also raises.

/** Do `work` without what the package prints; what it raises is raised all the same. */
export async function quietly(work) {
  const { error, info, log } = console;
  const { write } = process.stdout;
  Object.assign(console, { error() {}, info() {}, log() {} });
  process.stdout.write = () => true;
  try {
    return await work();
  } finally {
    Object.assign(console, { error, info, log });
    process.stdout.write = write;
  }
}
