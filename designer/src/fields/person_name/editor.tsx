import type { EditorProps } from '../field-ui';
import { PartsEditor, type Part } from '../parts-editor';

const parts: readonly Part[] = [
  { name: 'title', label: 'name.title', span: 1 },
  { name: 'first', label: 'name.first', span: 2 },
  { name: 'middle', label: 'name.middle', span: 1 },
  { name: 'last', label: 'name.last', span: 2 },
];

/** The name of a person in its parts. */
export function PersonNameEditor(editor: EditorProps) {
  return <PartsEditor {...editor} parts={parts} />;
}
