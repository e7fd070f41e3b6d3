// Ctrl-C once ends the work in order; the second time the system ends the process.

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Calls `stop` at the first signal only. @returns how to go back to what signals did before */
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
