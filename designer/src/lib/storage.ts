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

/** Forgets a setting of this browser. */
export function removeSetting(name: string): void {
  try {
    localStorage.removeItem(`xrm.${name}`);
  } catch {
    return;
  }
}

/** Names of the settings of this browser that begin so. */
export function settingNames(start: string): string[] {
  try {
    return Object.keys(localStorage).flatMap((key) => (key.startsWith(`xrm.${start}`) ? [key.slice('xrm.'.length)] : []));
  } catch {
    return [];
  }
}
