/** Reads a small setting that belongs to this browser; null where there is none or storage is off. */
export function readSetting(name: string): string | null {
  try {
    return localStorage.getItem(`xrm.${name}`);
  } catch {
    return null;
  }
}

/** Keeps a small setting in this browser; without storage it lasts until the page closes. */
export function writeSetting(name: string, value: string): void {
  try {
    localStorage.setItem(`xrm.${name}`, value);
  } catch {
    return;
  }
}
