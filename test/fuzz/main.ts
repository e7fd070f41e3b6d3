// The thread in which one target is fuzzed; scripts/fuzz.js watches over it.
import { parentPort, workerData } from 'node:worker_threads';
import { fuzz, trySeeds } from './fuzz.ts';
import { targets } from './targets.ts';

const { name, from, count, at } = workerData as { name?: string; from: number; count: number; at: BigInt64Array };
if (name === undefined) {
  parentPort?.postMessage(targets.map((target) => target.name));
} else {
  const target = targets.find((each) => each.name === name);
  if (!target) throw new Error(`there is no target ${name}`);
  const seeds = await trySeeds(target);
  if (seeds.length > 0) throw new Error(`a seed of ${name} is not good: ${seeds[0]}`);
  const before = (index: number) => Atomics.store(at, 0, BigInt(index));
  parentPort?.postMessage(await fuzz(target, { from, count, before }));
}
