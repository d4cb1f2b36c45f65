import type { RuleNote } from '@/fields/rules';

/** What a script asks of the page, with the rights of whoever sees it. */
export type Question = { kind: 'get'; entity: string; id: string } | { kind: 'query'; entity: string; options: { where?: Record<string, unknown>; orderBy?: string | string[]; limit?: number } };

/** What scripts know from the beginning on. */
export interface Start {
  scripts: { name: string; text: string }[];
  fields: string[];
  writable: string[];
  previous: Record<string, unknown> | null;
  user: { id: string; userName: string; name: string; roles: string[] };
  /** ISO 8601, in UTC. */
  now: string;
  /** The day of that moment where the organisation is. */
  today: string;
  texts: Record<string, string>;
}

/** Something that happened in the form. The first message has the scripts. */
export interface FormEvent {
  kind: 'event';
  id: number;
  event: 'load' | 'change' | 'save';
  /** The fields that changed. */
  fields: string[];
  values: Record<string, unknown>;
  start?: Start;
}

/** What scripts want of the form, from now on. */
export interface FormWishes {
  required: string[];
  locked: string[];
  hidden: string[];
  limits: { field: string; options: (string | number)[] }[];
}

/** A mistake in a script. */
export interface ScriptMistake {
  script: string;
  line: number | null;
  message: string;
}

/** What became of an event. */
export interface Done {
  kind: 'done';
  id: number;
  changes: Record<string, unknown>;
  notes: RuleNote[];
  focus: string | null;
  form: FormWishes;
  /** Fields whose changes scripts wait for. */
  listens: string[];
  error: ScriptMistake | null;
}

/** What comes from the sandbox; first of all that it is there. */
export type FromSandbox = { kind: 'ready' } | Done | { kind: 'ask'; id: number; call: Question };

/** What goes to the sandbox. */
export type ToSandbox = FormEvent | { kind: 'reply'; id: number; value?: unknown; error?: string };

/** A place where scripts run that can reach nothing else. */
export interface Sandbox {
  send(message: ToSandbox): void;
  close(): void;
}

/** Opens a sandbox; what comes from it is handed on. */
export type OpenSandbox = (receive: (message: FromSandbox) => void) => Sandbox;
