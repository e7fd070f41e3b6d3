// Starts the command, and handles the errors of the streams.
import { Exit, exitCodes, reasonOf } from './exit.ts';
import { explain, main } from './program.ts';

const args = process.argv.slice(2);
// If the reader of stdout has exited (`| head`), the process ends without a message: the results are on disk.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  const isGone = ['EPIPE', 'ECONNRESET'].includes(error.code ?? '') || (error.code === 'EIO' && process.stdout.isTTY);
  const failure = new Exit(exitCodes.usage, `cannot write the output: ${reasonOf(error)}`);
  process.exit(isGone ? (process.exitCode ?? exitCodes.ok) : explain(failure, args));
});
// Messages that cannot be written (`2>/dev/full`) do not end the process.
process.stderr.on('error', () => {});
process.on('uncaughtException', (error) => process.exit(explain(error, args)));
process.exitCode = await main(args);
