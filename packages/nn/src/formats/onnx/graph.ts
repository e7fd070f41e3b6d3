// An ONNX graph: nodes, initializers, and their encoding.
// https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
import type { StateDict, StateEntry, StateTensor } from '../../core/state-dict.ts';
import { bytes, concat, float, integer, message, text } from '../protobuf.ts';

/** A value of the graph: its name, and its shape without the batch dimension. */
export interface Value {
  readonly name: string;
  readonly shape: readonly number[];
}

/** The value of an attribute. Plain numbers are integers. */
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

  /** Adds a float32 initializer, unless there is one of this name. Returns its name. */
  floats(name: string, shape: readonly number[], data: Float32Array): string {
    const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return this.#addTensor(name, FLOAT, shape, raw);
  }

  /** Adds a float32 number. */
  scalar(value: number): string {
    return this.floats(`${value}`, [], Float32Array.of(value));
  }

  /** Adds int64 numbers, such as axes. A single number has the shape []. */
  integers(value: number | readonly number[]): string {
    const values = typeof value === 'number' ? [value] : value;
    const raw = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    const shape = typeof value === 'number' ? [] : [values.length];
    return this.#addTensor(typeof value === 'number' ? `int ${value}` : `ints ${values}`, INT64, shape, raw);
  }

  #addTensor(name: string, type: number, shape: readonly number[], raw: Uint8Array): string {
    const dims = shape.map((length) => integer(1, length));
    this.#initializers.set(name, message(5, [...dims, integer(2, type), text(8, name), bytes(9, raw)]));
    return name;
  }

  /**
   * Adds a node.
   * @param outputs names of its outputs; an unused output before a used one has the name ''
   * @returns the name of the last output
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

  /** Renames a value. The input of the graph gets an Identity node. */
  rename(from: string, to: string): void {
    const producer = this.#nodes.find(({ outputs }) => outputs.includes(from));
    if (producer) producer.outputs = producer.outputs.map((name) => (name === from ? to : name));
    else this.node('Identity', [from], {}, [to]);
  }

  /** Encodes a GraphProto. */
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

/** Encodes the type of a float32 value with a symbolic batch dimension. */
function encodeValue({ name, shape }: Value): Uint8Array {
  const batch = message(1, [text(2, 'batch')]);
  const row = shape.map((length) => message(1, [integer(1, length)]));
  const tensor = message(1, [integer(1, FLOAT), message(2, [batch, ...row])]);
  return concat([text(1, name), message(2, [tensor])]);
}

/** The graph of a model that is exported, and the model's weights. */
export interface GraphBuilder {
  readonly graph: Graph;
  readonly state: StateDict;
}

/** Returns the values of a parameter or buffer. @throws RangeError if the state lacks them */
export function findState({ state }: GraphBuilder, { name }: StateEntry): StateTensor {
  const found = Object.hasOwn(state, name) ? state[name] : undefined;
  if (found) return found;
  throw new RangeError(`[exportOnnx] expected the state to have ${name} but it does not`);
}

/** Adds a parameter or buffer as an initializer of its name. */
export function addInitializer(builder: GraphBuilder, entry: StateEntry): string {
  const { shape, data } = findState(builder, entry);
  return builder.graph.floats(entry.name, shape, data);
}
