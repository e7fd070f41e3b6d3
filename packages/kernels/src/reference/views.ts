// Typed views of the arena, taken anew after it has grown.
import type { Arena } from '../memory.ts';

/** The same bytes, four ways. Index by pointer >>> 2 (u8: by pointer). */
export class Views {
  readonly #memory: WebAssembly.Memory;
  #f32: Float32Array;
  #i32: Int32Array;
  #u32: Uint32Array;
  #u8: Uint8Array;

  constructor(arena: Arena) {
    this.#memory = arena.memory;
    const buffer = this.#memory.buffer;
    this.#f32 = new Float32Array(buffer);
    this.#i32 = new Int32Array(buffer);
    this.#u32 = new Uint32Array(buffer);
    this.#u8 = new Uint8Array(buffer);
  }

  get f32(): Float32Array {
    if (this.#f32.length === 0) this.#f32 = new Float32Array(this.#memory.buffer);
    return this.#f32;
  }

  get i32(): Int32Array {
    if (this.#i32.length === 0) this.#i32 = new Int32Array(this.#memory.buffer);
    return this.#i32;
  }

  get u32(): Uint32Array {
    if (this.#u32.length === 0) this.#u32 = new Uint32Array(this.#memory.buffer);
    return this.#u32;
  }

  get u8(): Uint8Array {
    if (this.#u8.length === 0) this.#u8 = new Uint8Array(this.#memory.buffer);
    return this.#u8;
  }
}
