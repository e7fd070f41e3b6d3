// Detaches all views of the memory at each allocation, as growth does, so that the next use of an old view fails.
import { Arena } from '../packages/kernels/src/runtime/memory.ts';

const { allocate } = Arena.prototype;

function detachingAllocate(this: Arena, ...given: [bytes: number]): number {
  const pointer = allocate.apply(this, given);
  WebAssembly.Memory.prototype.grow.call(this.memory, 0);
  return pointer;
}

/** `plain` is the original method. */
Arena.prototype.allocate = Object.assign(detachingAllocate, { plain: allocate });
