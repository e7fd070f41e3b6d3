// CRC-32 (ISO 3309) of ASCII text: finds what a disk or a cut has altered.

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/** In eight hexadecimal digits. */
export function crc32(text: string): string {
  let crc = -1;
  for (let i = 0; i < text.length; i++) crc = (crc >>> 8) ^ (table[(crc ^ text.charCodeAt(i)) & 0xff] as number);
  return ((crc ^ -1) >>> 0).toString(16).padStart(8, '0');
}
