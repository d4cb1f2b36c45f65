import { columnOf, type EditorProps } from '../field-ui';
import { FileBox } from '../file/file-box';

/** Any number of stored files. */
export function FilesEditor(editor: EditorProps) {
  const column = columnOf(editor.field);
  const value = editor.values[column];
  const ids = Array.isArray(value) ? value.map(String) : [];
  return <FileBox editor={editor} ids={ids} several onChange={(next) => editor.onChange({ [column]: next.length ? next : null })} />;
}
