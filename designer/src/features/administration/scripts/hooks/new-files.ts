import type { RuleSource } from '@/api/packages';
import { withProperty } from '@/lib/json-text';
import type { NewScript } from './drafts';

/** What stands in a new script. */
export function firstText({ kind, entity }: Pick<NewScript, 'kind' | 'entity'>): string {
  switch (kind) {
    case 'rule':
      return `// Runs when a record of ${entity} is saved. Write record. to see its fields; fail('…') refuses the save.\n\n`;
    case 'action':
      return `// Runs when somebody presses the button on a record of ${entity}. What is assigned to record is saved.\n\n`;
    case 'form':
      return "// Runs in the browser of whoever opens a form.\nonLoad(() => {\n  \n});\n";
  }
}

/** The files that come to name a new script: the entity's with the rule or the form's script, or one for the action. */
export function namingFiles({ kind, entity, path, name, label, on }: NewScript, file: string, files: Record<string, string>): Record<string, string> {
  if (kind === 'action') {
    const action = { $schema: '../../../schema/action.schema.json', name, label, entity, script: file };
    return { [`actions/${name}.json`]: `${JSON.stringify(action, null, 2)}\n` };
  }
  const text = files[path] ?? '';
  if (kind === 'form') return { [path]: withProperty(text, 'formScript', file) };
  const rules = (JSON.parse(text) as { rules?: RuleSource[] }).rules ?? [];
  return { [path]: withProperty(text, 'rules', [...rules, { name, label, on, script: file }]) };
}
