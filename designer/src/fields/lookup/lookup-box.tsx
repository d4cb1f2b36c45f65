import { ActionIcon, Combobox, InputBase, useCombobox } from '@mantine/core';
import { IconArrowUpRight, IconSelector, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import type { Entity } from '@/api/model';
import type { StoredRecord } from '@/api/records';
import { useTexts } from '@/lib/i18n/text';
import { recordPath } from '@/lib/paths';
import type { EditorProps } from '../field-ui';
import { useFormulas } from '../formulas-context';
import { frameOf } from '../frame';
import { lookupFilter } from './filter';
import styles from './lookup.module.css';
import { RecordOptions } from './record-options';
import type { Reference } from './reference';
import { useLookupSearch } from './search';

interface LookupBoxProps {
  editor: EditorProps;
  target: Entity;
  reference: Reference | null;
  onPick(record: StoredRecord | null): void;
}

function Actions({ editor, reference, onClear }: { editor: EditorProps; reference: Reference | null; onClear(): void }) {
  const t = useTexts();
  const { app } = useParams();
  if (!reference) return <IconSelector size={14} color="var(--x-faint)" aria-hidden />;
  return (
    <span className={styles.sections}>
      {editor.required ? null : (
        <ActionIcon size={24} aria-label={t('field.clear', { field: editor.field.label })} onClick={onClear}>
          <IconX size={13} />
        </ActionIcon>
      )}
      {app && reference.entity && !editor.compact ? (
        <ActionIcon size={24} component={Link} to={recordPath(app, reference.entity.plural, reference.id)} aria-label={t('lookup.open', { name: reference.name })}>
          <IconArrowUpRight size={14} />
        </ActionIcon>
      ) : null}
    </span>
  );
}

/** Finds a record while one types, and shows the one that is chosen. */
export function LookupBox({ editor, target, reference, onPick }: LookupBoxProps) {
  const t = useTexts();
  const [typed, setTyped] = useState<string | null>(null);
  const combobox = useCombobox({ onDropdownClose: () => setTyped(null) });
  const formulas = useFormulas();
  const { field, entity, values } = editor;
  const filter = lookupFilter(field, target, formulas.outerScope({ entity, values, isNew: values['id'] === undefined }));
  const found = useLookupSearch(target, typed ?? '', combobox.dropdownOpened, filter);
  const pick = (id: string) => {
    onPick(found.data?.find((row) => row.id === id) ?? null);
    combobox.closeDropdown();
  };
  return (
    <Combobox store={combobox} onOptionSubmit={pick} width={editor.compact ? 280 : 'target'} position="bottom-start" withinPortal>
      <Combobox.Target withExpandedAttribute>
        <InputBase
          {...frameOf(editor)}
          role="combobox"
          autoComplete="off"
          placeholder={typed === null ? (editor.compact ? '' : t('lookup.placeholder', { target: target.pluralLabel })) : (reference?.name ?? '')}
          value={typed ?? reference?.name ?? ''}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            combobox.openDropdown();
            combobox.selectFirstOption();
          }}
          onClick={() => combobox.openDropdown()}
          onFocus={(event) => event.currentTarget.select()}
          onBlur={() => combobox.closeDropdown()}
          rightSection={<Actions editor={editor} reference={reference} onClear={() => onPick(null)} />}
          rightSectionWidth={reference && !editor.compact ? 54 : 28}
          rightSectionPointerEvents={reference ? 'all' : 'none'}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options aria-label={target.pluralLabel} mah={260} style={{ overflowY: 'auto' }}>
          <RecordOptions target={target} rows={found.data} loading={found.isFetching} failed={found.isError} />
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
