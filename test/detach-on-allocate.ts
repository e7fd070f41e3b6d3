// Every allocation detaches all views of the memory, as growth does: a view that is kept across one fails at its next use.
import { Arena } from '../packages/kernels/src/runtime/memory.ts';

const { allocate } = Arena.prototype;

function detachingAllocate(this: Arena, ...given: [bytes: number]): number {
  const pointer = allocate.apply(this, given);
  WebAssembly.Memory.prototype.grow.call(this.memory, 0);
  return pointer;
}

/** `plain` is the method that it replaces. */
Arena.prototype.allocate = Object.assign(detachingAllocate, { plain: allocate });
