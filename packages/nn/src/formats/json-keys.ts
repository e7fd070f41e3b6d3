// Whether a JSON text names a key twice: JSON.parse keeps the last and says nothing.

/** Keys of all objects in a text that JSON.parse has accepted, with repetitions. */
export function countKeys(json: string): number {
  let keys = 0;
  for (let at = json.indexOf('"'); at >= 0; at = json.indexOf('"', at)) {
    at = endOfString(json, at) + 1;
    let next = at;
    while (' \t\n\r'.includes(json.charAt(next)) && next < json.length) next++;
    if (json[next] === ':') keys++;
  }
  return keys;
}

/** Where the string that opens at `start` closes. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at;
}
