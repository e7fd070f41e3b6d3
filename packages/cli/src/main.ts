// Arguments → command → exit code. Nothing else in the program decides how it ends.
import { exitCodes } from './errors.ts';
import { createProgram, explain } from './program.ts';

async function main(args: readonly string[]): Promise<void> {
  const program = await createProgram(args);
  if (args.length === 0) program.outputHelp();
  else await program.parseAsync(args, { from: 'user' });
}

// A reader that has seen enough (`| head`) ends us quietly: what it did not read lies on disk. Messages that nobody reads
// (`2>&1 | head`, a terminal that was closed) are no reason to end.
const closed = new Set(['EPIPE', 'EIO', 'ECONNRESET']);
const fall = (error: NodeJS.ErrnoException) => {
  if (!closed.has(error.code ?? '')) throw error;
};
process.stdout.on('error', (error) => {
  fall(error);
  process.exit(process.exitCode ?? exitCodes.ok);
});
process.stderr.on('error', fall);
const args = process.argv.slice(2);
process.on('uncaughtException', (error) => process.exit(explain(error, args)));
try {
  await main(args);
} catch (error) {
  process.exitCode = explain(error, args);
}
