// Before packing: a published command brings the page along. The next build takes it away again.
import { cp } from 'node:fs/promises';

await cp(new URL('../../web/dist', import.meta.url), new URL('../dist/web', import.meta.url), { recursive: true });
