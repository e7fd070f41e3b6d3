// What the page and its worker say to each other, and the page's side of it.
import type { RunEvent } from '@descent/experiments';

export interface RunRequest {
  readonly kind: 'run';
  readonly experiment: string;
  readonly seed: number;
  readonly options: Readonly<Record<string, unknown>>;
}

export type Request = RunRequest | { readonly kind: 'stop' };

export type Response =
  /** Bytes of the data that have come, of how many. */
  | { readonly kind: 'loading'; readonly received: number; readonly total: number }
  | { readonly kind: 'event'; readonly event: RunEvent }
  /** The run has ended; the record as it would stand in run.json. */
  | { readonly kind: 'done'; readonly record: string }
  | { readonly kind: 'failed'; readonly message: string };

export interface RunClient {
  run(request: Omit<RunRequest, 'kind'>): void;
  stop(): void;
}

/** Starts the worker; one run at a time. */
export function connect(onResponse: (response: Response) => void): RunClient {
  const worker = new Worker(new URL('worker.js', import.meta.url), { type: 'module' });
  worker.onmessage = ({ data }: MessageEvent<Response>) => onResponse(data);
  worker.onerror = ({ message }) =>
    onResponse({ kind: 'failed', message: message || 'The worker could not be started.' });
  const send = (request: Request) => worker.postMessage(request);
  return {
    run: (request) => send({ kind: 'run', ...request }),
    stop: () => send({ kind: 'stop' }),
  };
}
