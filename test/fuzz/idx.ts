// IDX files of the reader's own: any of the four may be anything.
import { DataError, type Device, type ImageFiles, imageFiles, imagesFrom, loadDevice } from '@descent/experiments';
import { goodFiles } from '../../packages/cli/test/idx-files.ts';
import type { Target } from './target.ts';

const files = goodFiles({ train: 12, test: 5 });
const roles = Object.entries(imageFiles) as [keyof ImageFiles, string][];
const good = Object.fromEntries(
  roles.map(([role, file]) => [role, { file, bytes: files[file] }]),
) as unknown as ImageFiles;
let device: Promise<Device> | undefined;

export const idx: Target<Uint8Array> = {
  name: 'idx',
  seeds: () => Object.values(files).map((bytes) => new Uint8Array(bytes)),
  refusals: [DataError],
  async run(bytes) {
    device ??= loadDevice({});
    const { arena } = await device;
    const refusals: unknown[] = [];
    for (const [role, file] of roles) {
      const mark = arena.mark();
      try {
        imagesFrom(await device, { ...good, [role]: { file, bytes } });
      } catch (error) {
        if (!(error instanceof DataError)) throw error;
        refusals.push(error);
      } finally {
        arena.release(mark);
      }
    }
    if (refusals.length === roles.length) throw refusals[0];
  },
};
