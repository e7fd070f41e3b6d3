import type { Command } from 'commander';

/** A command; its module is loaded when the command is used. */
interface CommandEntry {
  readonly summary: string;
  /** The arguments are given because the flags of a command can depend on them. */
  load(): Promise<{ create(name: string, args: readonly string[]): Command }>;
}

export type CommandEntries = Readonly<Record<string, CommandEntry>>;
