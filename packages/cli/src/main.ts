// Arguments → command → exit code. Nothing else in the program decides how it ends.
import { Exit, exitCodes } from './errors.ts';
import { createProgram, explain } from './program.ts';
import { reasonOf } from './store/files.ts';

async function main(args: readonly string[]): Promise<void> {
  const program = await createProgram(args);
  if (args.length === 0) program.outputHelp();
  else await program.parseAsync(args, { from: 'user' });
}

const args = process.argv.slice(2);
// A reader that has seen enough (`| head`) ends us quietly: what it did not read is on disk.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  const isGone = ['EPIPE', 'ECONNRESET'].includes(error.code ?? '') || (error.code === 'EIO' && process.stdout.isTTY);
  const unwritten = new Exit(exitCodes.usage, `cannot write the output: ${reasonOf(error)}`);
  process.exit(isGone ? (process.exitCode ?? exitCodes.ok) : explain(unwritten, args));
});
// Messages that nobody can read (`2>&1 | head`, `2>/dev/full`, a terminal that was closed) are no reason to end.
process.stderr.on('error', () => {});
process.on('uncaughtException', (error) => process.exit(explain(error, args)));
try {
  await main(args);
} catch (error) {
  process.exitCode = explain(error, args);
}
