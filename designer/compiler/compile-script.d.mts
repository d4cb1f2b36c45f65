import type ts from 'typescript';

/** Declarations under a file name. */
export interface ScriptLibrary {
  name: string;
  text: string;
}

/** A mistake; lines and columns begin with 1, 0 where it is in none. */
export interface ScriptMistake {
  line: number;
  column: number;
  message: string;
}

/** See compile-script.mjs. */
export declare class ScriptCompiler {
  constructor(compiler: typeof ts, kind: 'rule' | 'form', libraries: ScriptLibrary[], readBuiltIn: (name: string) => string);
  readonly options: ts.CompilerOptions;
  compile(script: { file: string; text: string; contexts: string[] }): Promise<{ output: string; problems: ScriptMistake[] }>;
}
