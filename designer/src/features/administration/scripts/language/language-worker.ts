import ts from 'typescript';
import type { FromCompiler, ToCompiler } from './protocol';
import { ScriptTools } from './script-tools';

let tools: ScriptTools | undefined;

async function answer(asked: ToCompiler): Promise<unknown> {
  if (asked.call === 'open') {
    const [setting] = asked.args as [ConstructorParameters<typeof ScriptTools>[1]];
    // A megabyte of declarations that only scripts of forms need.
    const readBuiltIn = setting.kind === 'form' ? (await import('./built-ins')).readBuiltIn : () => '';
    tools = new ScriptTools(ts, setting, readBuiltIn);
    return null;
  }
  if (!tools) throw new Error('No script is open.');
  const [text, offset, name] = asked.args as [string, number, string];
  switch (asked.call) {
    case 'check':
      return tools.check(text);
    case 'complete':
      return tools.complete(text, offset);
    case 'explain':
      return tools.explain(text, offset, name);
    case 'hover':
      return tools.hover(text, offset);
    case 'callHelp':
      return tools.callHelp(text, offset);
  }
}

let last: Promise<unknown> = Promise.resolve();
self.onmessage = ({ data }: MessageEvent<ToCompiler>) => {
  last = last.then(() => answer(data)).then(
    (value) => self.postMessage({ id: data.id, value } satisfies FromCompiler),
    (error: unknown) => self.postMessage({ id: data.id, error: error instanceof Error ? error.message : String(error) } satisfies FromCompiler),
  );
};
