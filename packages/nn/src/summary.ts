// The summary of a model: layers, shapes and numbers of parameters.
import { checkArguments, modelLike } from './core/check.ts';
import { totalSize } from './core/parameter.ts';
import type { Layer } from './layers/layer.ts';
import { Sequential } from './layers/sequential.ts';

/** Numbers of elements of a layer or model. */
interface Counts {
  /** Elements of all parameters. */
  readonly parameters: number;
  /** Elements of the parameters whose `requiresGrad` is true. */
  readonly trainable: number;
  /** Elements of the running statistics. */
  readonly statistics: number;
}

/** A layer of a model. */
export interface LayerSummary extends Counts {
  /** Its index: '0', or '1.0' in a Sequential that is layer 1. */
  readonly place: string;
  /** Its class, such as 'Linear'. */
  readonly layer: string;
  /** Shape of a row of output. */
  readonly outputShape: readonly number[];
}

/** A model: its layers and its totals. */
export interface Summary extends Counts {
  /** In the order of a forward pass. A Sequential comes before its layers and includes their numbers. */
  readonly layers: readonly LayerSummary[];
  /** Shape of a row of input. */
  readonly inputShape: readonly number[];
  /** Shape of a row of output. */
  readonly outputShape: readonly number[];
  /** Bytes of parameters and statistics. Gradients need as many as parameters, an optimizer up to twice as many. */
  readonly bytes: number;
  /** Returns a table for a terminal. B stands for the rows of a batch. */
  toString(): string;
}

/**
 * Returns a summary like Keras's `model.summary()` and torchinfo's `summary(model)`.
 * @throws TypeError before `model.to(device, …)`, because the shapes depend on that of the input
 */
export function summary(model: Sequential): Summary {
  checkArguments('summary', arguments, { model: modelLike });
  const layers = summarizeLayers(model, '');
  const counts = count(model);
  const { inputShape, outputShape } = model;
  const bytes = 4 * (counts.parameters + counts.statistics);
  const facts = { layers, inputShape, outputShape, ...counts, bytes };
  return { ...facts, toString: () => toTable(facts) };
}

function summarizeLayers({ layers, outputShapes }: Sequential, prefix: string): LayerSummary[] {
  return layers.flatMap((layer, index) => {
    const place = `${prefix}${index}`;
    const row = { place, layer: layer.name, outputShape: outputShapes[index] as readonly number[], ...count(layer) };
    return layer instanceof Sequential ? [row, ...summarizeLayers(layer, `${place}.`)] : [row];
  });
}

function count(layer: Layer): Counts {
  const parameters = layer.parameters();
  return {
    parameters: totalSize(parameters),
    trainable: totalSize(parameters.filter(({ requiresGrad }) => requiresGrad)),
    statistics: totalSize(layer.buffers?.() ?? []),
  };
}

function toTable({ layers, inputShape, parameters, trainable, statistics, bytes }: Omit<Summary, 'toString'>): string {
  const rows = [
    ['', 'layer', 'output', 'parameters'],
    ['', 'input', shapeText(inputShape), ''],
    ...layers.map((row) => [row.place, row.layer, shapeText(row.outputShape), groupDigits(row.parameters)]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => (row[column] as string).length)));
  const pad = (cell: string, column: number) =>
    column === 3 ? cell.padStart(widths[column] as number) : cell.padEnd(widths[column] as number);
  const lines = rows.map((row) => row.map(pad).join('  ').trimEnd());
  const frozen = parameters - trainable;
  const totals = [
    `${groupDigits(parameters)} parameters`,
    ...(frozen > 0 ? [`${groupDigits(frozen)} of them frozen`] : []),
    ...(statistics > 0 ? [`${groupDigits(statistics)} running statistics`] : []),
    `${groupDigits(bytes)} bytes`,
  ];
  return [...lines, totals.join(', ')].join('\n');
}

const shapeText = (row: readonly number[]): string => `(${['B', ...row].join(', ')})`;

/** Returns 12345 as 12,345. */
const groupDigits = (number: number): string => String(number).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
