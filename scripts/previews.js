// `npm run previews` runs every experiment at its defaults (minutes) and updates what the page shows before a run.
// `npm run previews -- batch_norm_test` updates one. `npm run previews -- --check` compares digests and changes nothing.
import { build, install } from './setup.js';

await install();
await build('@descent/cli');
const { main } = await import('../packages/web/scripts/previews.js');
await main(process.argv.slice(2));
