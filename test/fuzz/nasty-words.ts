// What is put into texts, whatever their format.

/** What has tripped programs before: signs, limits, names that mean something, what stands for nothing. */
export const nastyWords = [
  ...['', ' ', '-', '--', '=', '0', '-0', '-1', '1e999', '-1e999', '1e-999', 'NaN', 'Infinity', '0x10', '1_000', '٣'],
  ...['2147483648', '4294967296', '9007199254740993', '1x4294967296', '1,'.repeat(300), 'null', 'true', '[]', '{}'],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length', '../../etc/passwd', '..\\..\\x'],
  ...['/etc/passwd', 'C:\\x', 'CON', 'nul.json', 'a.', '~', '.', '..', '%2e%2e%2f', '%00', '%', '%u0041', '%ff%fe'],
  ...[
    '<img src=x onerror=alert(1)>',
    '{{7*7}}',
    "'; --",
    '\u0000',
    '\u2028',
    '\ufeff',
    '\ud800',
    '\u202e',
    '한글',
    '🜏',
  ],
  ...['\r\n', '\n', '\t', '"', '\\', '\\u0000', 'A'.repeat(1_000)],
];
