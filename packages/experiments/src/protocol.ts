// Messages between a worker pool and its workers, and the side of the worker. All messages are plain data that can be
// cloned.
import type { ArmSpec } from './training/arm.ts';
import type { ExecuteOptions, Executor, RunEvent } from './training/executor.ts';

/** A request of the pool. A worker carries out one at a time, except `stop`. */
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
  /** Compute something else with the same kernels and data. */
  | { readonly kind: 'query'; readonly query: Query }
  /** Interrupt the arm that is running. */
  | { readonly kind: 'stop' };

/** A response of a worker. Each request except `stop` ends with one `done` or `failed`. */
export type WorkerResponse =
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
  const carryOut = async (request: Exclude<WorkerRequest<Plan, Query>, { kind: 'stop' }>): Promise<unknown> => {
    if (request.kind === 'query') return environment.answer?.(request.query);
    if (request.kind === 'open') {
      environment = await open(request.plan);
      return environment.ready;
    }
    const { arm, options, isStopped } = request;
    stopping = new AbortController();
    if (isStopped) stopping.abort();
    for await (const event of environment.executor.run([arm], { ...options, signal: stopping.signal }))
      post({ kind: 'event', event }, event.kind === 'checkpoint' ? [event.checkpoint.state.buffer as ArrayBuffer] : []);
  };
  return (request) => {
    if (request.kind === 'stop') return stopping.abort();
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
