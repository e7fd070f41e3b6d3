// Looking at a model in training mode without leaving a trace.
import type { Sequential } from '@descent/nn';

/** What `look` returns. Running statistics, random streams and mode are as before afterwards. */
export function untouched<T>(model: Sequential, look: () => T): T {
  const { step, training } = model;
  const running = model.running.data.slice();
  try {
    return look();
  } finally {
    model.running.data.set(running);
    model.step = step;
    model.training = training;
  }
}
