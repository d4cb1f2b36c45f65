import type ts from 'typescript';
import { ScriptCompiler } from '@compiler/compile-script.mjs';
import type { CallHelp, Checked, Completion, Explanation, Hover, ScriptLanguage, ScriptSetting } from './protocol';

type TypeScript = typeof ts;

const builtInFolder = '/lib/';

/** Checks, compiles and explains one script with the compiler of the command line. */
export class ScriptTools implements ScriptLanguage {
  private readonly compiler: ScriptCompiler;
  private readonly service: ts.LanguageService;
  private readonly isPlain: boolean;
  private text = '';
  private version = 0;

  constructor(
    private readonly compilerApi: TypeScript,
    private readonly setting: ScriptSetting,
    readBuiltIn: (name: string) => string,
  ) {
    this.isPlain = setting.file.endsWith('.js');
    this.compiler = new ScriptCompiler(compilerApi, setting.kind, setting.libraries, readBuiltIn);
    const [context = ''] = setting.contexts;
    const fixed = new Map([...setting.libraries, { name: 'context.d.ts', text: context }].map(({ name, text }) => [name, text]));
    const read = (name: string) => (name === setting.file ? this.text : (fixed.get(name) ?? (name.startsWith(builtInFolder) ? readBuiltIn(name.slice(builtInFolder.length)) : undefined)));
    this.service = compilerApi.createLanguageService({
      getCompilationSettings: () => ({ ...this.compiler.options, allowJs: true, checkJs: false }),
      getScriptFileNames: () => [...fixed.keys(), setting.file],
      getScriptVersion: (name) => (name === setting.file ? String(this.version) : '1'),
      getScriptSnapshot: (name) => {
        const text = read(name);
        return text === undefined ? undefined : compilerApi.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => '',
      getDefaultLibFileName: () => `${builtInFolder}lib.d.ts`,
      fileExists: (name) => read(name) !== undefined,
      readFile: read,
    });
  }

  async check(text: string): Promise<Checked> {
    if (!this.isPlain) return this.compiler.compile({ file: this.setting.file, text, contexts: this.setting.contexts });
    this.take(text);
    // That a script is the body of a function is no mistake (1108).
    const mistakes = this.service.getSyntacticDiagnostics(this.setting.file).filter(({ code }) => code !== 1108);
    return {
      output: '',
      problems: mistakes.map((mistake) => {
        const at = mistake.file.getLineAndCharacterOfPosition(mistake.start);
        return { line: at.line + 1, column: at.character + 1, message: this.compilerApi.flattenDiagnosticMessageText(mistake.messageText, ' ') };
      }),
    };
  }

  async complete(text: string, offset: number): Promise<Completion[]> {
    this.take(text);
    const found = this.service.getCompletionsAtPosition(this.setting.file, offset, {});
    return (found?.entries ?? []).map(({ name, kind, sortText }) => ({ name, kind, sortText }));
  }

  async explain(text: string, offset: number, name: string): Promise<Explanation | null> {
    this.take(text);
    const details = this.service.getCompletionEntryDetails(this.setting.file, offset, name, undefined, undefined, undefined, undefined);
    return details ? { signature: this.plain(details.displayParts), text: this.plain(details.documentation) } : null;
  }

  async hover(text: string, offset: number): Promise<Hover | null> {
    this.take(text);
    const info = this.service.getQuickInfoAtPosition(this.setting.file, offset);
    return info ? { ...info.textSpan, signature: this.plain(info.displayParts), text: this.plain(info.documentation) } : null;
  }

  async callHelp(text: string, offset: number): Promise<CallHelp | null> {
    this.take(text);
    const help = this.service.getSignatureHelpItems(this.setting.file, offset, undefined);
    if (!help) return null;
    const signatures = help.items.map((item) => {
      const parameters = item.parameters.map((parameter) => ({ label: this.plain(parameter.displayParts), text: this.plain(parameter.documentation) }));
      const label = this.plain(item.prefixDisplayParts) + parameters.map((parameter) => parameter.label).join(this.plain(item.separatorDisplayParts)) + this.plain(item.suffixDisplayParts);
      return { label, text: this.plain(item.documentation), parameters };
    });
    return { signatures, activeSignature: help.selectedItemIndex, activeParameter: help.argumentIndex };
  }

  private take(text: string): void {
    if (text === this.text) return;
    this.text = text;
    this.version++;
  }

  private plain(parts: ts.SymbolDisplayPart[] | undefined): string {
    return this.compilerApi.displayPartsToString(parts);
  }
}
