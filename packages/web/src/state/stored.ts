// What the page remembers from visit to visit; nothing, where the browser keeps no storage.

export function getStored(key: string): string | undefined {
  try {
    return localStorage.getItem(`descent-${key}`) ?? undefined;
  } catch {
    return undefined;
  }
}

export function setStored(key: string, value: string): void {
  try {
    localStorage.setItem(`descent-${key}`, value);
  } catch {
    // A private window may refuse; the page works without.
  }
}
