// Numbers in short form, and a dash for a missing one.
import { short as shorten } from '@descent/experiments';

export function formatNumber(value: number | undefined): string {
  return value === undefined ? '—' : shorten(value);
}
