// Rules for the arguments of this package. The top of kernels/src/check.ts explains how to write one.
import { describe, having, type Rule, refuse } from '@descent/kernels/check';

export * from '@descent/kernels/check';

/** The members of a tensor that the rules read. */
interface Checked {
  readonly dtype?: string;
  readonly device?: { readonly arena: object };
  readonly isReleased?: boolean;
}

/** The rule of a tensor of one of the given types whose memory is not released. */
export function tensorOf(...dtypes: readonly string[]): Rule {
  const wanted = `a tensor of ${dtypes.join(' or ')}`;
  const call = `Tensor.from(device, numbers, shape${dtypes.includes('float32') ? '' : `, '${dtypes[0]}'`})`;
  return (who, name, value) => {
    const { dtype, isReleased } = (value ?? {}) as Checked;
    if (isReleased === undefined || !dtypes.includes(dtype as string)) {
      const got = isReleased === undefined ? describe(value) : `one of ${dtype}`;
      throw new TypeError(`[${who}] expected ${name} to be ${wanted} but got ${got}; ${call} makes one`);
    }
    if (!isReleased) return;
    const cause = 'but its memory was released, or model.to(device, …) was called since';
    throw new RangeError(`[${who}] expected ${name} to be in memory, ${cause}`);
  };
}

/** The rule of an array of distinct parameters. Allocates nothing if the array is valid. */
export const parametersLike: Rule = (who, name, value) => {
  if (!Array.isArray(value)) refuse(TypeError, who, `${name} to be an array, as model.parameters() gives it,`, value);
  for (let index = 0; index < value.length; index++) {
    const parameter: unknown = value[index];
    parameterLike(who, 'a parameter', parameter);
    if (value.indexOf(parameter, index + 1) < 0) continue;
    throw new RangeError(
      `[${who}] expected every parameter once but got ${(parameter as { name: string }).name} twice`,
    );
  }
};

const parameterLike = having('requiresGrad', 'one of model.parameters()');

/** The rule of a Sequential, with memory or without. */
export const modelLike = having('outputShapes', 'a model, new Sequential(…),');

/** The rule of a Float32Array. */
export const floatsLike: Rule = (who, name, value) => {
  if (!(value instanceof Float32Array)) refuse(TypeError, who, `${name} to be a Float32Array`, value);
};

/** The rule of an optimizer. */
export const optimizerLike = having('paramGroups', 'an optimizer');

/** @throws RangeError unless the tensor is in the memory of the device, because its kernels cannot read another memory */
export function checkSameDevice(who: string, device: { readonly arena: object }, { device: other }: Checked): void {
  if (other?.arena === device.arena) return;
  throw new RangeError(`[${who}] expected a tensor of its own device but got one of another; load one device for all`);
}
