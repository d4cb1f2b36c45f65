import { Input } from '@mantine/core';
import { Suspense, useId } from 'react';
import { FieldLabel } from './field-label';
import type { EditorProps } from './field-ui';
import { useFieldEditors, useFieldUi } from './fields-context';
import styles from './fields.module.css';
import { UnknownEditor } from './unknown/editor';

/** A value that cannot be changed here, in the place of its editor. */
function ReadOnlyField({ editor }: { editor: EditorProps }) {
  const { field, values, compact, id, error } = editor;
  const { cell: Cell, alignEnd } = useFieldUi()(field.type);
  const labelId = useId();
  if (compact) {
    return (
      <div id={id} className={styles.compactReadOnly} data-end={alignEnd || undefined}>
        <Cell field={field} values={values} />
      </div>
    );
  }
  return (
    <Input.Wrapper label={<FieldLabel field={field} />} labelElement="div" labelProps={{ id: labelId }} error={error}>
      <div id={id} className={styles.readOnly} role="group" aria-labelledby={labelId} tabIndex={-1}>
        <Cell field={field} values={values} />
      </div>
    </Input.Wrapper>
  );
}

/** A field in a form or in a grid: its editor, or its value where it cannot be changed, or not yet. */
export function FieldControl(editor: EditorProps) {
  const ui = useFieldUi()(editor.field.type);
  const editors = useFieldEditors();
  const Editor = editors[editor.field.type] ?? UnknownEditor;
  if (editor.readOnly && !ui.showsReadOnly) return <ReadOnlyField editor={editor} />;
  return (
    <Suspense fallback={<ReadOnlyField editor={editor} />}>
      <Editor {...editor} />
    </Suspense>
  );
}
