// The arena, which allocates the wasm memory. Kernels never allocate.

import { check, checkArguments, checkCount, having, integer } from '../check.ts';

/** An address in the wasm memory, in bytes. Pointers to 32-bit numbers are multiples of 4. */
export type Pointer = number;

const PAGE = 65_536;
const MAX_PAGES = 65_536;

/** The first pages contain constants and packed blocks of the kernels. A pointer of 0 means "none". */
const START = 2 * PAGE;
/** Kernels may read, but not write, up to 12 bytes after an array. */
const SLACK = 16;

const ADVICE = 'use a smaller batch, network or data set';

const size = integer(0, Number.MAX_SAFE_INTEGER);

/** The error for an allocation that does not fit: a network, batch or data set is too large. */
export class MemoryError extends RangeError {
  /** 'MemoryError'. */
  override readonly name = 'MemoryError';
}

/** A position in the arena, for `release`. */
export type Mark = number;

/**
 * The whole memory as typed arrays, indexed by pointer >>> 2 (u8: by pointer). Growing the memory detaches a typed
 * array, so get it from here at each use instead of keeping it. Getting it allocates nothing.
 */
export class Views {
  readonly #memory: WebAssembly.Memory;
  #f32 = new Float32Array();
  #i32 = new Int32Array();
  #u32 = new Uint32Array();
  #u8 = new Uint8Array();

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
  }

  /** As float32. */
  get f32(): Float32Array {
    if (this.#f32.length === 0) this.#f32 = new Float32Array(this.#memory.buffer);
    return this.#f32;
  }

  /** As int32. */
  get i32(): Int32Array {
    if (this.#i32.length === 0) this.#i32 = new Int32Array(this.#memory.buffer);
    return this.#i32;
  }

  /** As uint32. */
  get u32(): Uint32Array {
    if (this.#u32.length === 0) this.#u32 = new Uint32Array(this.#memory.buffer);
    return this.#u32;
  }

  /** As bytes. */
  get u8(): Uint8Array {
    if (this.#u8.length === 0) this.#u8 = new Uint8Array(this.#memory.buffer);
    return this.#u8;
  }
}

/**
 * A bump allocator over a `WebAssembly.Memory`: `allocate` takes memory at the end, `release` frees it down to a mark.
 * Growing the memory detaches every view, and slows down all typed arrays of a Node 20 process, so set `bytes` once.
 *
 * Keep pointers, not views, across allocations. Only this file reads `memory.buffer`. The tests of other packages use a
 * memory that detaches its views at each allocation.
 */
export class Arena {
  /** The memory of the kernels. */
  readonly memory: WebAssembly.Memory;
  /** The whole memory as typed arrays. */
  readonly views: Views;
  #top = START;
  /** The highest end so far. Memory after it is still zero. */
  #highest = START;

  /**
   * @param bytes initial capacity. The operating system assigns memory only when it is used.
   * @throws MemoryError if the engine cannot reserve it
   */
  constructor(bytes: number) {
    checkArguments('Arena', arguments, { bytes: size });
    const initial = this.#pagesFor(START + bytes + SLACK, bytes);
    try {
      this.memory = new WebAssembly.Memory({ initial, maximum: MAX_PAGES });
    } catch {
      throw new MemoryError(
        `[Arena] the engine cannot reserve ${bytes} bytes of memory; close other programs or use less data`,
      );
    }
    this.views = new Views(this.memory);
  }

  /** Allocated bytes. */
  get used(): number {
    return this.#top - START;
  }

  /** Reserved bytes, allocated or not. */
  get capacity(): number {
    return this.memory.buffer.byteLength - START - SLACK;
  }

  /**
   * Allocates zeroed memory, aligned to 16 bytes. Grows the memory if the capacity is exceeded.
   * @throws MemoryError if the memory cannot grow
   */
  allocate(bytes: number): Pointer {
    checkCount('Arena.allocate', arguments.length, 1);
    check('Arena', 'bytes', bytes, size);
    const pointer = Math.ceil(this.#top / 16) * 16;
    const end = pointer + bytes;
    if (end + SLACK > this.memory.buffer.byteLength) this.#grow(end + SLACK, bytes);
    this.#top = end;
    const used = Math.min(end, this.#highest);
    if (used > pointer) new Uint8Array(this.memory.buffer, pointer, used - pointer).fill(0);
    this.#highest = Math.max(end, this.#highest);
    return pointer;
  }

  /** Returns the current end, to which `release` can return. */
  mark(): Mark {
    return this.#top;
  }

  /**
   * Frees all memory allocated since `mark`.
   * @throws RangeError if the mark is after the current end
   */
  release(mark: Mark): void {
    checkArguments('Arena.release', arguments, { mark: integer(START, this.#top) });
    this.#top = mark;
  }

  /** Returns a view of float32, which is valid until the memory grows. */
  f32(pointer: Pointer, length: number): Float32Array<ArrayBuffer> {
    this.#checkView(arguments.length, pointer, length, 4);
    return new Float32Array(this.memory.buffer, pointer, length);
  }

  /** Returns a view of int32, which is valid until the memory grows. */
  i32(pointer: Pointer, length: number): Int32Array<ArrayBuffer> {
    this.#checkView(arguments.length, pointer, length, 4);
    return new Int32Array(this.memory.buffer, pointer, length);
  }

  /** Returns a view of bytes, which is valid until the memory grows. */
  u8(pointer: Pointer, length: number): Uint8Array<ArrayBuffer> {
    this.#checkView(arguments.length, pointer, length, 1);
    return new Uint8Array(this.memory.buffer, pointer, length);
  }

  /** Returns the pointer of a view of this memory, or undefined for any other array. */
  pointerOf(view: ArrayBufferView): Pointer | undefined {
    checkArguments('Arena.pointerOf', arguments, { view: having('byteOffset', 'a typed array') });
    const { buffer, byteOffset } = view;
    return buffer === this.memory.buffer ? byteOffset : undefined;
  }

  /** @throws RangeError if the view is not inside the memory or is not aligned to its elements */
  #checkView(given: number, pointer: Pointer, length: number, bytes: number): void {
    checkCount('Arena', given, 2);
    check('Arena', 'pointer', pointer, size);
    check('Arena', 'length', length, size);
    if (pointer % bytes === 0 && pointer + bytes * length <= this.memory.buffer.byteLength) return;
    throw new RangeError(
      `[Arena] expected pointer and length of a view within the memory but got ${pointer} and ${length}`,
    );
  }

  #grow(end: number, wanted: number): void {
    const pages = this.#pagesFor(end, wanted) - this.memory.buffer.byteLength / PAGE;
    try {
      this.memory.grow(pages);
    } catch {
      throw new MemoryError(`[Arena] the memory cannot grow by ${wanted} bytes, with ${this.used} in use; ${ADVICE}`);
    }
  }

  #pagesFor(bytes: number, wanted: number): number {
    const pages = Math.ceil(bytes / PAGE);
    if (!(pages <= MAX_PAGES)) {
      throw new MemoryError(
        `[Arena] the memory is limited to 4 GiB, cannot allocate ${wanted} bytes with ${this.used} in use; ${ADVICE}`,
      );
    }
    return pages;
  }
}
