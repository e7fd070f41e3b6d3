// The arena: the one owner of wasm memory. Kernels allocate nothing.

import { check, checkArguments, checkCount, having, integer } from '../check.ts';

/** A byte offset into the kernels' memory, a multiple of 4 wherever it points at 32-bit numbers. */
export type Pointer = number;

const PAGE = 65_536;
const MAX_PAGES = 65_536;

/** The first pages are the kernels' own: constants and packed blocks. A pointer of 0 stands for "none". */
const START = 2 * PAGE;
/** A kernel may read (never write) up to 12 bytes beyond an array. */
const SLACK = 16;

const size = integer(0, Number.MAX_SAFE_INTEGER);

/** More memory was asked for than there can be: a network, batch or data set is too large. */
export class MemoryError extends RangeError {
  /** 'MemoryError'. */
  override readonly name = 'MemoryError';
}

/** A place in the arena to go back to. */
export type Mark = number;

/**
 * All of the memory in four types, made anew after it has grown: index by pointer >>> 2 (u8: by pointer). Ask for the array
 * at each use: one that is kept is detached by the next growth. Asking allocates nothing.
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
 * A bump allocator over a `WebAssembly.Memory`. Memory is taken at the end and given back down to a mark.
 * Growing detaches every view and slows all typed arrays of a Node 20 process, so size it once (`bytes`).
 *
 * No view may be kept across an allocation: keep a pointer and ask for the view at each use. Only this file reads
 * `memory.buffer`; tests of the layers above run on a memory that detaches its views at each allocation.
 */
export class Arena {
  /** What kernels work on. */
  readonly memory: WebAssembly.Memory;
  /** All of the memory as typed arrays. */
  readonly views: Views;
  #top = START;
  /** The greatest end so far: what lies beyond is zero still. */
  #highest = START;

  /**
   * @param bytes capacity to reserve at once; address space only, until it is touched
   * @throws MemoryError where there is not so much
   */
  constructor(bytes: number) {
    checkArguments('Arena', arguments, { bytes: size });
    const initial = this.#pagesFor(START + bytes + SLACK, bytes);
    try {
      this.memory = new WebAssembly.Memory({ initial, maximum: MAX_PAGES });
    } catch {
      throw new MemoryError(
        `[Arena] expected ${bytes} bytes of memory but the engine refused them; close other programs or use less data`,
      );
    }
    this.views = new Views(this.memory);
  }

  /** Bytes handed out so far. */
  get used(): number {
    return this.#top - START;
  }

  /** Bytes reserved, used or not. */
  get capacity(): number {
    return this.memory.buffer.byteLength - START - SLACK;
  }

  /**
   * Takes `bytes` bytes, zeroed, aligned to 16. Grows the memory only where the capacity is exceeded.
   * @throws MemoryError that says how much was needed
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

  /** Remembers the present end; `release` gives back all that was taken since. */
  mark(): Mark {
    return this.#top;
  }

  /** @throws RangeError where the mark lies beyond the present end */
  release(mark: Mark): void {
    checkArguments('Arena.release', arguments, { mark: integer(START, this.#top) });
    this.#top = mark;
  }

  /** A view that is valid until the memory grows: ask anew rather than keep it. */
  f32(pointer: Pointer, length: number): Float32Array<ArrayBuffer> {
    this.#checkView(arguments.length, pointer, length, 4);
    return new Float32Array(this.memory.buffer, pointer, length);
  }

  /** The same of int32. */
  i32(pointer: Pointer, length: number): Int32Array<ArrayBuffer> {
    this.#checkView(arguments.length, pointer, length, 4);
    return new Int32Array(this.memory.buffer, pointer, length);
  }

  /** The same of bytes. */
  u8(pointer: Pointer, length: number): Uint8Array<ArrayBuffer> {
    this.#checkView(arguments.length, pointer, length, 1);
    return new Uint8Array(this.memory.buffer, pointer, length);
  }

  /** Where a view of this memory begins; undefined for any other array. */
  pointerOf(view: ArrayBufferView): Pointer | undefined {
    checkArguments('Arena.pointerOf', arguments, { view: having('byteOffset', 'a typed array') });
    const { buffer, byteOffset } = view;
    return buffer === this.memory.buffer ? byteOffset : undefined;
  }

  /** @throws RangeError unless the view is within the memory, and begins at a multiple of an element's bytes */
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
      throw new MemoryError(
        `[Arena] expected room for ${wanted} more bytes beside the ${this.used} in use but the memory cannot grow; use a smaller batch, network or data set`,
      );
    }
  }
  #pagesFor(bytes: number, wanted: number): number {
    const pages = Math.ceil(bytes / PAGE);
    if (!(pages <= MAX_PAGES)) {
      throw new MemoryError(
        `[Arena] expected at most 4 GiB of memory but ${wanted} bytes were asked for beside the ${this.used} in use; use a smaller batch, network or data set`,
      );
    }
    return pages;
  }
}
