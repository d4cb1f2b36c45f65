import type { FromCompiler, ScriptLanguage, ScriptSetting, ToCompiler } from './protocol';

/** The compiler in its worker, with one script open. */
export class RemoteLanguage implements ScriptLanguage {
  private readonly waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  private readonly worker = new Worker(new URL('./language-worker.ts', import.meta.url), { type: 'module' });
  private last = 0;
  /** Fails where the compiler cannot be started. */
  readonly ready: Promise<unknown>;

  constructor(setting: ScriptSetting) {
    this.worker.onmessage = ({ data: { id, value, error } }: MessageEvent<FromCompiler>) => {
      const asked = this.waiting.get(id);
      this.waiting.delete(id);
      if (error === undefined) asked?.resolve(value);
      else asked?.reject(new Error(error));
    };
    this.worker.onerror = (event) => this.fail(new Error(event.message || 'The compiler could not be started.'));
    this.ready = this.ask('open', setting);
  }

  check(text: string): ReturnType<ScriptLanguage['check']> {
    return this.ask('check', text);
  }

  complete(text: string, offset: number): ReturnType<ScriptLanguage['complete']> {
    return this.ask('complete', text, offset);
  }

  explain(text: string, offset: number, name: string): ReturnType<ScriptLanguage['explain']> {
    return this.ask('explain', text, offset, name);
  }

  hover(text: string, offset: number): ReturnType<ScriptLanguage['hover']> {
    return this.ask('hover', text, offset);
  }

  callHelp(text: string, offset: number): ReturnType<ScriptLanguage['callHelp']> {
    return this.ask('callHelp', text, offset);
  }

  /** Ends the worker; what was asked is not answered any more. */
  close(): void {
    this.worker.terminate();
    this.fail(new Error('The compiler was closed.'));
  }

  private fail(error: Error): void {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }

  private ask<T>(call: ToCompiler['call'], ...args: unknown[]): Promise<T> {
    const id = ++this.last;
    return new Promise<T>((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.worker.postMessage({ id, call, args });
    });
  }
}
