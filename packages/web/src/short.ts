// Numbers as one reads them: four digits are enough.

export function short(value: number | undefined): string {
  if (value === undefined) return '—';
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : String(value);
}
