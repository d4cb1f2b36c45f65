import { readSetting, removeSetting, settingNames, writeSetting } from '@/lib/storage';

/** A script that is to be made, with what will use it. */
export interface NewScript {
  kind: 'rule' | 'action' | 'form';
  entity: string;
  /** File that will name it: the entity's, or an extension's; for an action the package alone counts. */
  path: string;
  /** Name of the rule or action. */
  name: string;
  label: string;
  /** Events of a rule. */
  on: string[];
}

/** A text that is not published, as this browser keeps it. */
export interface Draft {
  text: string;
  /** The published text that it was made from; null for a new script. */
  base: string | null;
  /** Milliseconds since 1970. */
  at: number;
  created?: NewScript;
}

/** A script's place: its package and its file name under `rules/`. */
export interface ScriptPlace {
  package: string;
  file: string;
}

const start = 'scripts.';
const nameOf = ({ package: name, file }: ScriptPlace) => `${start}${name}/${file}`;

/** The text of a script that this browser keeps; null for none. */
export function readDraft(place: ScriptPlace): Draft | null {
  try {
    return JSON.parse(readSetting(nameOf(place)) ?? 'null') as Draft | null;
  } catch {
    return null;
  }
}

/** Keeps a text in this browser; tells whether that worked. */
export function writeDraft(place: ScriptPlace, draft: Draft): boolean {
  writeSetting(nameOf(place), JSON.stringify(draft));
  return readDraft(place)?.at === draft.at;
}

/** Forgets a text. */
export function removeDraft(place: ScriptPlace): void {
  removeSetting(nameOf(place));
}

/** All scripts of which this browser keeps a text. */
export function draftPlaces(): ScriptPlace[] {
  return settingNames(start).flatMap((name) => {
    const [packageName, file] = name.slice(start.length).split('/');
    return packageName && file ? [{ package: packageName, file }] : [];
  });
}
