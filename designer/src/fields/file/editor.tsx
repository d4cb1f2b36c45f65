import { columnOf, type EditorProps } from '../field-ui';
import { FileBox } from './file-box';

/** One stored file. */
export function FileEditor(editor: EditorProps) {
  const column = columnOf(editor.field);
  const value = editor.values[column];
  const ids = typeof value === 'string' ? [value] : [];
  return <FileBox editor={editor} ids={ids} several={false} onChange={([id]) => editor.onChange({ [column]: id ?? null })} />;
}
