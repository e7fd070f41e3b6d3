// A thread of the pool: it opens a workbench of its own and runs the arms it is handed, one at a time.
import { parentPort, workerData } from 'node:worker_threads';
import { type EnvironmentPlan, openEnvironment, type TrainingEnvironment } from './environment.ts';
import { type Order, packError, type Report } from './messages.ts';

const report = (message: Report) => parentPort?.postMessage(message);
let stopping = new AbortController();

async function run({ executor }: TrainingEnvironment, order: Order & { kind: 'run' }): Promise<void> {
  const { arm, checkpoint, checkpointEvery, keepFinal, watch, until: pause } = order;
  const checkpoints = new Map(checkpoint ? [[arm.name, checkpoint]] : []);
  const until = new Map(pause === undefined ? [] : [[arm.name, pause]]);
  stopping = new AbortController();
  if (order.isStopped) stopping.abort();
  const options = { signal: stopping.signal, checkpoints, checkpointEvery, until, keepFinal, watch };
  for await (const event of executor.run([arm], options)) report({ kind: 'event', event });
  report({ kind: 'done' });
}

try {
  const bench = await openEnvironment(workerData as EnvironmentPlan);
  parentPort?.on('message', (order: Order) => {
    if (order.kind === 'stop') stopping.abort();
    else run(bench, order).catch((error) => report({ kind: 'failed', failure: packError(error) }));
  });
  report({ kind: 'ready', data: bench.data });
} catch (error) {
  report({ kind: 'failed', failure: packError(error) });
}
