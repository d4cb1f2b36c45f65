import { builtScript } from './built-script.mjs';
import { helpersFor } from './helpers.mjs';
import { kinds } from './kinds.mjs';
import { refusalsIn } from './refusals.mjs';

/**
 * Compiles scripts with a TypeScript compiler that is handed in, so that the same code works on the command line and in a browser.
 *
 * Scripts of rules are compiled to what the sandbox reads: the fifth edition of JavaScript, without modules, and with helpers that do without
 * `Object.defineProperty` and the like. Scripts of forms are compiled to what browsers read.
 */
export class ScriptCompiler {
  #ts;
  #kind;
  #options;
  #libraries;
  #builtIns = new Map();
  #readBuiltIn;

  /**
   * @param ts The compiler's API, the module `typescript`.
   * @param {'rule' | 'form'} kind Where the scripts run.
   * @param {{ name: string, text: string }[]} libraries Declarations that every script sees: the functions, the entities; for rules the built-ins too.
   * @param {(name: string) => string} readBuiltIn Reads a library of the compiler, such as `lib.es2022.d.ts`. Asked for scripts of forms alone.
   */
  constructor(ts, kind, libraries, readBuiltIn) {
    this.#ts = ts;
    this.#kind = kind;
    this.#readBuiltIn = readBuiltIn;
    this.#options = {
      ...kinds[kind](ts),
      module: ts.ModuleKind.None,
      moduleDetection: ts.ModuleDetectionKind.Legacy,
      types: [],
      strict: true,
      noEmitHelpers: true,
      sourceMap: true,
      newLine: ts.NewLineKind.LineFeed,
      forceConsistentCasingInFileNames: false,
    };
    this.#libraries = libraries.map(({ name, text }) => this.#parse(name, text));
  }

  /** What the compiler is told, for tools that answer other questions about the same scripts. */
  get options() {
    return this.#options;
  }

  /**
   * @param {{ file: string, text: string, contexts: string[] }} script Its file name, its source, and declarations of what it sees as `record` and
   * `parameters`: one text for each different use.
   * @returns {Promise<{ output: string, problems: { line: number, column: number, message: string }[] }>} What is stored beside the source, empty where there
   * are mistakes, and every mistake. Lines and columns begin with 1.
   */
  async compile({ file, text, contexts }) {
    const source = this.#parse(file, text);
    const problems = refusalsIn(this.#ts, source, this.#kind);
    // The checker would only add that Promise and the like are not there.
    if (problems.length > 0) return { output: '', problems };
    let body = '';
    for (const context of contexts) {
      const output = {};
      const program = this.#program(source, this.#parse('context.d.ts', context), output);
      problems.push(...this.#mistakes(program, source));
      if (problems.length > 0) continue;
      program.emit(source);
      body = this.#body(file, output);
    }
    return problems.length > 0 ? { output: '', problems: unique(problems) } : { output: await builtScript(file, text, body), problems };
  }

  #parse(name, text) {
    return this.#ts.createSourceFile(name, text, this.#options.target, true);
  }

  #program(source, context, output) {
    const files = new Map([...this.#libraries, context, source].map((file) => [file.fileName, file]));
    return this.#ts.createProgram({
      rootNames: [...files.keys()],
      options: this.#options,
      host: {
        getSourceFile: (name) => files.get(name) ?? this.#builtIn(name),
        fileExists: (name) => files.has(name) || name.startsWith(builtInFolder),
        readFile: (name) => files.get(name)?.text ?? this.#builtIn(name)?.text,
        writeFile: (name, text) => (output[name.endsWith('.map') ? 'map' : 'code'] = text),
        getDefaultLibFileName: () => `${builtInFolder}lib.d.ts`,
        getDefaultLibLocation: () => builtInFolder.slice(0, -1),
        getCurrentDirectory: () => '',
        getCanonicalFileName: (name) => name,
        useCaseSensitiveFileNames: () => true,
        getNewLine: () => '\n',
      },
    });
  }

  #builtIn(name) {
    if (!name.startsWith(builtInFolder)) return undefined;
    if (!this.#builtIns.has(name)) this.#builtIns.set(name, this.#parse(name, this.#readBuiltIn(name.slice(builtInFolder.length))));
    return this.#builtIns.get(name);
  }

  #mistakes(program, source) {
    return [...program.getSyntacticDiagnostics(), ...program.getSemanticDiagnostics(), ...program.getGlobalDiagnostics()]
      .filter((mistake) => !isAllowed(mistake))
      .map((mistake) => {
        const at = mistake.file?.getLineAndCharacterOfPosition(mistake.start) ?? { line: -1, character: 0 };
        const place = mistake.file && mistake.file !== source ? `${mistake.file.fileName}: ` : '';
        return { line: at.line + 1, column: at.character + 1, message: place + this.#text(mistake) };
      });
  }

  #text(mistake) {
    const text = this.#ts.flattenDiagnosticMessageText(mistake.messageText, ' ').replace(/\s+/g, ' ');
    return text.replace(/Do you need to change your target library\?.*$/, `Scripts of ${this.#kind}s do not have it.`);
  }

  #body(file, { code, map }) {
    const statements = code.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n');
    const { mappings } = JSON.parse(map);
    // One line more at the top: the header. The source itself lies beside the output.
    const lines = { version: 3, sources: [file], names: [], mappings: `;${mappings}` };
    // Declared functions can be called above their declaration, so that they need no lines before the author's.
    return `${statements}${helpersFor(statements)}//# sourceMappingURL=data:application/json;base64,${base64(JSON.stringify(lines))}\n`;
  }
}

// Where the compiler believes its own libraries to lie.
const builtInFolder = '/lib/';

// A script is the body of a function (1108); that parameters have no types is no mistake in JavaScript (7xxx), while lists that begin empty still get
// the type of what is put in.
function isAllowed({ code }) {
  return code === 1108 || (code >= 7005 && code <= 7034) || code === 7053;
}

function base64(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

function unique(problems) {
  const seen = new Map(problems.map((problem) => [`${problem.line}:${problem.column}:${problem.message}`, problem]));
  return [...seen.values()].sort((a, b) => a.line - b.line || a.column - b.column);
}
