// A model as a table: layers, shapes, parameters.
import { checkArguments, modelLike } from './core/check.ts';
import type { Layer } from './layers/layer.ts';
import { Sequential } from './layers/sequential.ts';

/** A layer of a model. */
export interface LayerSummary {
  /** Its place: '0', or '1.0' in a Sequential that is layer 1. */
  readonly place: string;
  /** Its class, such as 'Linear'. */
  readonly layer: string;
  /** One row of output. */
  readonly outputShape: readonly number[];
  /** Numbers that it may learn, its weights and biases. */
  readonly parameters: number;
  /** Those whose `requiresGrad` is true. */
  readonly trainable: number;
  /** Running statistics: numbers that it keeps but does not learn. */
  readonly statistics: number;
}

/** A model, layer by layer and in all. */
export interface Summary {
  /** In the order of a forward pass; a Sequential comes before the layers in it and counts what they count. */
  readonly layers: readonly LayerSummary[];
  /** One row of input. */
  readonly inputShape: readonly number[];
  /** One row of output. */
  readonly outputShape: readonly number[];
  /** Numbers that it may learn. */
  readonly parameters: number;
  /** Those whose `requiresGrad` is true. */
  readonly trainable: number;
  /** Running statistics. */
  readonly statistics: number;
  /** Of parameters and statistics, 4 each; gradients take as much again, an optimizer up to twice. */
  readonly bytes: number;
  /** The table, for a terminal. B stands for the rows of a batch. */
  toString(): string;
}

/**
 * What Keras's `model.summary()` and torchinfo's `summary(model)` tell.
 * @throws TypeError before `model.to(device, …)`: shapes follow from that of the input
 */
export function summary(model: Sequential): Summary {
  checkArguments('summary', arguments, { model: modelLike });
  const layers = rowsOf(model, '');
  const { parameters, trainable, statistics } = countsOf(model);
  const facts = {
    layers,
    inputShape: model.inputShape,
    outputShape: model.outputShape,
    parameters,
    trainable,
    statistics,
    bytes: 4 * (parameters + statistics),
  };
  return { ...facts, toString: () => toTable(facts) };
}

function rowsOf({ layers, outputShapes }: Sequential, prefix: string): LayerSummary[] {
  return layers.flatMap((layer, index) => {
    const place = `${prefix}${index}`;
    const row = { place, layer: layer.name, outputShape: outputShapes[index] as readonly number[], ...countsOf(layer) };
    return layer instanceof Sequential ? [row, ...rowsOf(layer, `${place}.`)] : [row];
  });
}

function countsOf(layer: Layer): Pick<LayerSummary, 'parameters' | 'trainable' | 'statistics'> {
  const parameters = layer.parameters();
  return {
    parameters: sizeOfAll(parameters),
    trainable: sizeOfAll(parameters.filter(({ requiresGrad }) => requiresGrad)),
    statistics: sizeOfAll(layer.buffers?.() ?? []),
  };
}

function sizeOfAll(tensors: readonly { readonly size: number }[]): number {
  return tensors.reduce((total, { size }) => total + size, 0);
}

function toTable({ layers, inputShape, parameters, trainable, statistics, bytes }: Omit<Summary, 'toString'>): string {
  const rows = [
    ['', 'layer', 'output', 'parameters'],
    ['', 'input', shapeOf(inputShape), ''],
    ...layers.map((row) => [row.place, row.layer, shapeOf(row.outputShape), grouped(row.parameters)]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => (row[column] as string).length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column === 3 ? cell.padStart(widths[3] as number) : cell.padEnd(widths[column] as number),
      )
      .join('  ')
      .trimEnd(),
  );
  const frozen = parameters - trainable;
  const told = [
    `${grouped(parameters)} parameters`,
    ...(frozen > 0 ? [`${grouped(frozen)} of them frozen`] : []),
    ...(statistics > 0 ? [`${grouped(statistics)} running statistics`] : []),
    `${grouped(bytes)} bytes`,
  ];
  return [...lines, told.join(', ')].join('\n');
}

const shapeOf = (row: readonly number[]): string => `(${['B', ...row].join(', ')})`;

/** 12345 as 12,345, in every language: a table in English. */
const grouped = (count: number): string => String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
