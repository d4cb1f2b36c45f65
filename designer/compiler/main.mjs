/**
 * Compiles what stands on standard input, and writes the outcome to standard output; both are JSON.
 *
 * in:  { "libraries": { "rule": [{ "name", "text" }], "form": [...] }, "scripts": [{ "file", "text", "kind", "contexts": ["..."] }] }
 * out: [{ "output", "problems": [{ "line", "column", "message" }] }], in the order of the scripts
 */
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { ScriptCompiler } from './compile-script.mjs';

const builtIns = new URL('./', import.meta.resolve('typescript'));
const { libraries, scripts } = JSON.parse(readFileSync(0, 'utf8'));
const compilers = {};
const compilerFor = (kind) => (compilers[kind] ??= new ScriptCompiler(ts, kind, libraries[kind], (name) => readFileSync(new URL(name, builtIns), 'utf8')));
const compiled = [];
for (const script of scripts) compiled.push(await compilerFor(script.kind).compile(script));
process.stdout.write(JSON.stringify(compiled));
