import { Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useModel } from '@/api/application-model';
import { useTexts } from '@/lib/i18n/text';
import type { EditorProps } from '../field-ui';
import styles from '../fields.module.css';
import { frameOf } from '../frame';
import { LookupBox } from './lookup-box';
import { referenceOf, referTo, targetsOf } from './reference';

/** Points to a record; where it can be of several kinds, the kind is chosen first. */
export function LookupEditor(editor: EditorProps) {
  const t = useTexts();
  const model = useModel();
  const { field, values, onChange } = editor;
  const targets = targetsOf(model, field);
  const reference = referenceOf(model, field, values);
  const [kind, setKind] = useState<string | null>(null);
  const target = model.entity(kind ?? reference?.entity?.name) ?? targets[0];
  if (!target) return <TextInput {...frameOf(editor)} readOnly value={reference?.name ?? ''} />;

  const box = (
    <LookupBox
      key={target.name}
      editor={editor}
      target={target}
      reference={reference?.entity === target ? reference : null}
      onPick={(record) => onChange(referTo(field, record && { entity: target, record }))}
    />
  );
  if (targets.length < 2) return box;
  return (
    <div className={styles.pair}>
      {box}
      <Select
        label={editor.compact ? undefined : '\u00a0'}
        w={132}
        variant={editor.compact ? 'unstyled' : 'default'}
        aria-label={t('lookup.kind', { field: field.label })}
        data={targets.map((each) => ({ value: each.name, label: each.label }))}
        value={target.name}
        allowDeselect={false}
        searchable={targets.length > 8}
        onChange={(next) => {
          setKind(next);
          if (reference && reference.entity?.name !== next) onChange(referTo(field, null));
        }}
      />
    </div>
  );
}
