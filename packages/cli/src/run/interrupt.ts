// Ctrl-C: the first ends the work in order, the second ends the process.
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Calls `stop` at the first signal. @returns a function that restores the default behavior of signals */
export function onFirstInterrupt(stop: () => void): () => void {
  const release = () => {
    for (const signal of signals) process.off(signal, handle);
  };
  const handle = () => {
    release();
    stop();
  };
  for (const signal of signals) process.on(signal, handle);
  return release;
}
