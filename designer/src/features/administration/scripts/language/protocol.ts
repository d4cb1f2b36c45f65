import type { ScriptLibrary, ScriptMistake } from '@compiler/compile-script.mjs';

export type { ScriptMistake };

/** Where a script runs: on the server, or in forms. */
export type ScriptKind = 'rule' | 'form';

/** A script, and what it is checked against. */
export interface ScriptSetting {
  /** File name; `.js` for one that runs as it is. */
  file: string;
  kind: ScriptKind;
  libraries: ScriptLibrary[];
  /** Declarations of its record and its parameters, one for each different use. */
  contexts: string[];
}

/** What was made of a text. */
export interface Checked {
  /** What is stored beside the source; empty where there are mistakes, and for scripts that run as they are. */
  output: string;
  problems: ScriptMistake[];
}

/** Something that can be written at a place. */
export interface Completion {
  name: string;
  /** The compiler's word for what it is. */
  kind: string;
  sortText: string;
}

/** What something in a script is. */
export interface Explanation {
  /** Its declaration. */
  signature: string;
  text: string;
}

/** An explanation of what stands between two places. */
export interface Hover extends Explanation {
  start: number;
  length: number;
}

/** A call that is being written. */
export interface CallHelp {
  signatures: { label: string; text: string; parameters: { label: string; text: string }[] }[];
  activeSignature: number;
  activeParameter: number;
}

/** What a compiler can be asked about the script that is open. */
export interface ScriptLanguage {
  check(text: string): Promise<Checked>;
  complete(text: string, offset: number): Promise<Completion[]>;
  explain(text: string, offset: number, name: string): Promise<Explanation | null>;
  hover(text: string, offset: number): Promise<Hover | null>;
  callHelp(text: string, offset: number): Promise<CallHelp | null>;
}

/** What goes to the compiler's worker. */
export type ToCompiler = { id: number; call: 'open'; args: [ScriptSetting] } | { id: number; call: keyof ScriptLanguage; args: unknown[] };

/** What comes from it. */
export interface FromCompiler {
  id: number;
  value?: unknown;
  error?: string;
}
