import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { readBuiltIn } from './built-ins';
import type { ScriptSetting } from './protocol';
import { ScriptTools } from './script-tools';

const declarations = (name: string) => ({ name, text: readFileSync(`../engine/Xrm.Scripting/Declarations/${name}`, 'utf8') });
const thing = { name: 'entities.d.ts', text: 'interface ThingRecord { id: string; title: string; count: number | null }\ninterface Entities { thing: ThingRecord }\ninterface Settings {}\n' };
const common = declarations('common.d.ts').text;
const rule = (file: string): ScriptSetting => ({
  file, kind: 'rule',
  libraries: [declarations('library.d.ts'), { name: 'functions.d.ts', text: `${common}\n${declarations('functions.d.ts').text}` }, thing],
  contexts: ['declare const record: ThingRecord; declare const previous: ThingRecord | null; type RecordField = "title" | "count";'],
});
const form = (file: string): ScriptSetting => ({
  file, kind: 'form', libraries: [{ name: 'form.d.ts', text: `${common}\n${declarations('form.d.ts').text}` }, thing],
  contexts: ['declare const record: InForm<ThingRecord>; declare const previous: InForm<ThingRecord> | null; type RecordField = "title" | "count";'],
});
const anything: ScriptSetting['contexts'] = ['declare const record: any; declare const previous: any; type RecordField = string;'];
const tools = (setting: ScriptSetting) => new ScriptTools(ts, setting, readBuiltIn);

/** What the command line makes of the same. */
function onTheCommandLine(setting: ScriptSetting, text: string): unknown {
  const { file, kind, libraries, contexts } = setting;
  const [made] = JSON.parse(execFileSync('node', ['compiler/main.mjs'], { input: JSON.stringify({ libraries: { [kind]: libraries }, scripts: [{ file, text, kind, contexts }] }), encoding: 'utf8' })) as unknown[];
  return made;
}

const root = '../metadata/packages';
const delivered = readdirSync(root).flatMap((name) => {
  try {
    return readdirSync(`${root}/${name}/rules`).filter((file) => file.endsWith('.ts') && !file.startsWith('.')).map((file) => ({ folder: `${root}/${name}/rules`, file }));
  } catch {
    return [];
  }
});

describe('the compiler of the editor', () => {
  it.each([
    ['rule', rule('thing.a.ts'), "const { title } = record;\nclass A { constructor(readonly text: string) {} }\nrecord.title = `${new A(title).text} ä €`;\r\nif (record.count ?? 0 > 1) return;\n"],
    ['form', form('thing.form.ts'), "type Told = string;\nonChange('title', async () => {\n  const told: Told | undefined = (await query('thing', { where: { title: record.title ?? '' } }))[0]?.title;\n  if (told) form.info('title', told);\n});\n"],
    ['mistaken rule', rule('thing.b.ts'), "record.titel = 'x';\nfail('tilte', 1);\n"],
    ['mistaken form', form('thing.c.ts'), 'onLoad(() => { record.count = document.title; });\n'],
  ])('makes of a %s what the command line makes, to the byte', async (_name, setting, text) => {
    const made = await tools(setting).check(text);
    expect(made).toEqual(onTheCommandLine(setting, text));
    expect(made.output === '').toBe(made.problems.length > 0);
  });

  it.each(delivered)('makes of the delivered $file what lies beside it', async ({ folder, file }) => {
    const kind = file.endsWith('.form.ts') ? form(file) : rule(file);
    const source = readFileSync(`${folder}/${file}`, 'utf8');
    const entities = { name: 'entities.d.ts', text: 'interface Entities { [name: string]: any } interface Settings { [name: string]: any }' };
    const made = await tools({ ...kind, libraries: [...kind.libraries.filter(({ name }) => name !== 'entities.d.ts'), entities], contexts: anything }).check(source);
    expect(made).toEqual({ problems: [], output: readFileSync(`${folder}/${file.replace(/ts$/, 'js')}`, 'utf8') });
  });

  it('checks the syntax alone of scripts that run as they are', async () => {
    const plain = tools(rule('thing.a.js'));
    expect(await plain.check("record.titel = 'x';\nif (record.id) return;\n")).toEqual({ output: '', problems: [] });
    expect((await plain.check("record.title = ;\n")).problems).toEqual([{ line: 1, column: 16, message: 'Expression expected.' }]);
  });
});

describe('the help of the editor', () => {
  it('knows the fields of the record and the functions of rules', async () => {
    const help = tools(rule('thing.a.ts'));
    expect((await help.complete('record.', 7)).map(({ name }) => name)).toEqual(['count', 'id', 'title']);
    expect(await help.explain('addD', 4, 'addDays')).toMatchObject({ text: expect.stringContaining('so many days later') as string });
    expect(await help.hover('record.count;', 8)).toMatchObject({ start: 7, length: 5, signature: '(property) ThingRecord.count: number | null' });
    expect(await help.callHelp("fail('title', ", 14)).toMatchObject({ activeParameter: 1 });
    expect(await help.callHelp('1 + ', 4)).toBeNull();
  });

  it('knows what forms have, and what browsers bring', async () => {
    const help = tools(form('thing.form.ts'));
    expect((await help.complete('form.', 5)).map(({ name }) => name)).toContain('require');
    expect((await help.complete('Promise.', 8)).map(({ name }) => name)).toContain('allSettled');
  });
});
