// A graph of ONNX: nodes, the tensors they begin with, and the messages that these are in a file.
// https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
import { bytes, concat, float, integer, message, text } from '../protobuf.ts';

/** A value of the graph: what it is called, and the shape of one row of it; the batch comes before. */
export interface Value {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Numbers of an attribute: `float` is spelled out, since 1 could be either. */
export type Attribute = number | readonly number[] | { readonly float: number };

interface Node {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  outputs: readonly string[];
}

const FLOAT = 1;
const INT64 = 7;

export class Graph {
  readonly #nodes: Node[] = [];
  readonly #initializers = new Map<string, Uint8Array>();

  /** A tensor of float32 that the file holds. The same name is the same tensor. */
  floats(name: string, shape: readonly number[], data: Float32Array): string {
    const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return this.#hold(name, FLOAT, shape, raw);
  }

  /** A number. */
  scalar(value: number): string {
    return this.floats(`${value}`, [], Float32Array.of(value));
  }

  /** Whole numbers: axes and the like. Of shape [] where only one is given as such. */
  integers(value: number | readonly number[]): string {
    const values = typeof value === 'number' ? [value] : value;
    const raw = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    const shape = typeof value === 'number' ? [] : [values.length];
    return this.#hold(typeof value === 'number' ? `int ${value}` : `ints ${values}`, INT64, shape, raw);
  }

  #hold(name: string, type: number, shape: readonly number[], raw: Uint8Array): string {
    const dims = shape.map((length) => integer(1, length));
    this.#initializers.set(name, message(5, [...dims, integer(2, type), text(8, name), bytes(9, raw)]));
    return name;
  }

  /**
   * Adds a node.
   * @param outputs the names of what it gives; unnamed ones before those that are used are empty
   * @returns the last of them
   */
  node(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    outputs: readonly string[] = [`${op} ${this.#nodes.length}`],
  ): string {
    this.#nodes.push({ op, inputs, attributes, outputs });
    return outputs.at(-1) as string;
  }

  /** Gives a value another name; where no node gives it, a node passes it on. */
  rename(from: string, to: string): void {
    const giver = this.#nodes.find(({ outputs }) => outputs.includes(from));
    if (giver) giver.outputs = giver.outputs.map((name) => (name === from ? to : name));
    else this.node('Identity', [from], {}, [to]);
  }

  /** The bytes of a GraphProto, from one value to another. */
  encode(name: string, input: Value, output: Value): Uint8Array {
    return concat([
      ...this.#nodes.map(encodeNode),
      text(2, name),
      ...this.#initializers.values(),
      bytes(11, encodeValue(input)),
      bytes(12, encodeValue(output)),
    ]);
  }
}

function encodeNode({ op, inputs, attributes, outputs }: Node, index: number): Uint8Array {
  return message(1, [
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(3, `${op} ${index}`),
    text(4, op),
    ...Object.entries(attributes).map(([name, value]) => message(5, [text(1, name), ...encodeAttribute(value)])),
  ]);
}

function encodeAttribute(value: Attribute): Uint8Array[] {
  if (typeof value === 'number') return [integer(3, value), integer(20, 2)];
  if ('float' in value) return [float(2, value.float), integer(20, 1)];
  return [...value.map((each) => integer(8, each)), integer(20, 7)];
}

/** A tensor of float32 whose first dimension is free. */
function encodeValue({ name, shape }: Value): Uint8Array {
  const batch = message(1, [text(2, 'batch')]);
  const row = shape.map((length) => message(1, [integer(1, length)]));
  const tensor = message(1, [integer(1, FLOAT), message(2, [batch, ...row])]);
  return concat([text(1, name), message(2, [tensor])]);
}
