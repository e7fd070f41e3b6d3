import type { Command } from 'commander';

/** A command of `descent`, loaded when it is asked for. */
interface CommandEntry {
  readonly summary: string;
  /** Arguments are given because the flags of a command may depend on what it is to run. */
  load(): Promise<{ create(name: string, args: readonly string[]): Command | Promise<Command> }>;
}

export type CommandEntries = Readonly<Record<string, CommandEntry>>;
