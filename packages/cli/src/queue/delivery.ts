// What a worker writes into the keys of a run: nothing once the run is over.
import type { Redis } from 'ioredis';
import { MessageError, parseRun, type RunMessage } from './messages.ts';
import { keys, LIFETIME } from './names.ts';

/** One step for Redis, so that no result is put up for a run that is being taken down. */
const deliverScript = `
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('XADD', KEYS[2], '*', 'message', ARGV[1])
redis.call('EXPIRE', KEYS[2], ARGV[2])
redis.call('HDEL', KEYS[3], ARGV[3])
return 1`;

/** @returns whether anybody wants it */
export async function deliver(
  redis: Redis,
  { run, tag }: { run: string; tag: string },
  text: string,
): Promise<boolean> {
  const names = [keys.run(run), keys.results(run), keys.progress(run)];
  return (await redis.eval(deliverScript, names.length, ...names, text, LIFETIME, tag)) === 1;
}

const progressScript = `
if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
  redis.call('EXPIRE', KEYS[2], ARGV[3])
end
return redis.call('GET', KEYS[1])`;

/** Says how far an arm is. @returns what the run wants by now */
export async function report(
  redis: Redis,
  { run, tag }: { run: string; tag: string },
  text: string,
): Promise<RunState> {
  const names = [keys.run(run), keys.progress(run)];
  return parseRunState(await redis.eval(progressScript, names.length, ...names, tag, text, LIFETIME));
}

/** Results, arms as they are, or nothing any more. */
export type RunState = RunMessage['state'] | 'over';

export const runStateOf = async (redis: Redis, run: string): Promise<RunState> =>
  parseRunState(await redis.get(keys.run(run)));

/** An announcement that cannot be read is one of a run that cannot be served. */
function parseRunState(text: unknown): RunState {
  if (typeof text !== 'string') return 'over';
  try {
    return parseRun(text).state;
  } catch (error) {
    if (error instanceof MessageError) return 'over';
    throw error;
  }
}

/** Runs that want results. */
export async function runsIn(redis: Redis): Promise<Map<string, RunMessage>> {
  const ids = (await redis.smembers(keys.runs)).filter((id) => /^[0-9a-f]{16}$/.test(id));
  const found = new Map<string, RunMessage>();
  if (ids.length === 0) return found;
  const texts = await redis.mget(ids.map(keys.run));
  for (const [index, id] of ids.entries()) {
    const text = texts[index];
    if (typeof text !== 'string') await redis.srem(keys.runs, id);
    else {
      try {
        found.set(id, parseRun(text));
      } catch (error) {
        if (!(error instanceof MessageError)) throw error;
      }
    }
  }
  return found;
}
