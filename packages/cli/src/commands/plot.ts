import { Command } from 'commander';
export const create = (name: string) => new Command(name);
