import type { EditorProps } from '../field-ui';
import { PartsEditor, type Part } from '../parts-editor';

const parts: readonly Part[] = [
  { name: 'title', label: 'name.title', span: 2 },
  { name: 'first', label: 'name.first', span: 3 },
  { name: 'middle', label: 'name.middle', span: 2 },
  { name: 'last', label: 'name.last', span: 3 },
  { name: 'suffix', label: 'name.suffix', span: 2 },
];

/** The name of a person in its parts. */
export function PersonNameEditor(editor: EditorProps) {
  return <PartsEditor {...editor} parts={parts} />;
}
