// Settings that are kept between visits, if the browser allows it.

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
    // Private windows can refuse storage. The page works without it.
  }
}
