// Messages between a worker pool and its workers, and the side of the worker. All messages are plain data that can be
// cloned.
import type { ArmSpec } from './training/arm.ts';
import type { ExecuteOptions, Executor, RunEvent } from './training/executor.ts';
import type { RoundRobin, RoundRobinOptions } from './training/round-robin.ts';
import type { Checkpoint } from './training/training.ts';

/** A message to a worker that is training. No `done` or `failed` follows it. */
export type WorkerMessage =
  /** Interrupt all arms. */
  | { readonly kind: 'stop' }
  /** Train one more arm in turns, up to a step. */
  | {
      readonly kind: 'add';
      readonly arm: ArmSpec;
      readonly end: number;
      readonly checkpoint: Checkpoint | undefined;
    }
  /** Hand over an arm. A response `left` follows if it has not ended. */
  | { readonly kind: 'remove'; readonly arm: string }
  /** Train no arm beyond a step. */
  | { readonly kind: 'limit'; readonly step: number }
  /** End the turns. */
  | { readonly kind: 'end' };

/** A request of the pool. A worker carries out one at a time, except messages. */
export type WorkerRequest<Plan, Query> =
  /** Load kernels and data. It is the first request. */
  | { readonly kind: 'open'; readonly plan: Plan }
  /** Run one arm. With `isStopped` the arm is interrupted before its first step. */
  | {
      readonly kind: 'run';
      readonly arm: ArmSpec;
      readonly options: Omit<ExecuteOptions, 'signal'>;
      readonly isStopped: boolean;
    }
  /** Train arms in turns until the message `end`. The arms follow as messages. */
  | {
      readonly kind: 'turns';
      readonly options: Omit<RoundRobinOptions, 'signal'>;
      readonly isStopped: boolean;
    }
  /** Compute something else with the same kernels and data. */
  | { readonly kind: 'query'; readonly query: Query }
  | WorkerMessage;

/** A response of a worker. Each request except messages ends with one `done` or `failed`. */
export type WorkerResponse =
  /** An arm was removed. */
  | { readonly kind: 'left'; readonly arm: string; readonly checkpoint: Checkpoint | undefined }
  | { readonly kind: 'event'; readonly event: RunEvent }
  | { readonly kind: 'done'; readonly result?: unknown }
  | { readonly kind: 'failed'; readonly error: PackedError };

/** An error as plain data: cloning an error loses its class. */
export interface PackedError {
  /** The message. */
  readonly message: string;
  /** The stack trace. */
  readonly stack?: string | undefined;
  /** The exit code, if a command line gave the error one. */
  readonly code?: number;
  /** A remedy, if a command line gave the error one. */
  readonly hint?: string | undefined;
}

/** An opened worker. */
export interface WorkerEnvironment<Ready, Query, Answer> {
  /** What the pool learns about the worker: its data, its kernels. */
  readonly ready: Ready;
  /** Runs the arms. */
  readonly executor: Executor;
  /** Creates what trains arms in turns, if the worker can. */
  createRoundRobin?(): RoundRobin;
  /** Answers a query. */
  answer?(query: Query): Answer;
}

/**
 * Returns a function that handles the requests of a pool.
 * @param open opens the environment of the worker
 * @param post sends a response; the buffers of `transfer` can be moved instead of copied
 * @param pack converts an error to plain data
 */
export function createRequestHandler<Plan, Ready, Query, Answer>(
  open: (plan: Plan) => Promise<WorkerEnvironment<Ready, Query, Answer>>,
  post: (response: WorkerResponse, transfer: ArrayBuffer[]) => void,
  pack: (error: unknown) => PackedError = packError,
): (request: WorkerRequest<Plan, Query>) => void {
  let environment: WorkerEnvironment<Ready, Query, Answer>;
  let stopping = new AbortController();
  let turns: RoundRobin | undefined;
  const send = (event: RunEvent) =>
    post({ kind: 'event', event }, event.kind === 'checkpoint' ? [event.checkpoint.state.buffer as ArrayBuffer] : []);
  const train = async (request: Extract<WorkerRequest<Plan, Query>, { kind: 'run' | 'turns' }>): Promise<void> => {
    stopping = new AbortController();
    if (request.isStopped) stopping.abort();
    const options = { ...request.options, signal: stopping.signal };
    if (request.kind === 'run') {
      for await (const event of environment.executor.run([request.arm], options)) send(event);
      return;
    }
    turns = environment.createRoundRobin?.();
    if (!turns) throw new Error('internal error: this worker cannot train arms in turns');
    for await (const event of turns.run(options)) send(event);
  };
  const carryOut = async (request: Exclude<WorkerRequest<Plan, Query>, WorkerMessage>): Promise<unknown> => {
    if (request.kind === 'query') return environment.answer?.(request.query);
    if (request.kind !== 'open') return train(request);
    environment = await open(request.plan);
    return environment.ready;
  };
  return (request) => {
    switch (request.kind) {
      case 'stop':
        return stopping.abort();
      case 'add':
        return turns?.add(request.arm, request.end, request.checkpoint);
      case 'limit':
        return turns?.raiseLimit(request.step);
      case 'end':
        return turns?.end();
      case 'remove': {
        const left = turns?.remove(request.arm);
        if (left) post({ kind: 'left', arm: request.arm, ...left }, []);
        return;
      }
    }
    carryOut(request).then(
      (result) => post({ kind: 'done', result }, []),
      (error) => post({ kind: 'failed', error: pack(error) }, []),
    );
  };
}

function packError(error: unknown): PackedError {
  return error instanceof Error ? { message: error.message, stack: error.stack } : { message: String(error) };
}

/** Restores an error that `packError` converted. */
export function unpackError({ message, stack }: PackedError): Error {
  return Object.assign(new Error(message), { stack });
}
