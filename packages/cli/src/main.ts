// Arguments → command → exit code. Nothing else in the program decides how it ends.
import { exitCodes } from './errors.ts';
import { createProgram, explain } from './program.ts';

async function main(args: readonly string[]): Promise<void> {
  const program = await createProgram(args);
  if (args.length === 0) program.outputHelp();
  else await program.parseAsync(args, { from: 'user' });
}

// A reader that has seen enough (`| head`) ends us quietly; whatever nobody caught is a fault like any other.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCodes.ok);
    throw error;
  });
}
const args = process.argv.slice(2);
process.on('uncaughtException', (error) => process.exit(explain(error, args)));
try {
  await main(args);
} catch (error) {
  process.exitCode = explain(error, args);
}
