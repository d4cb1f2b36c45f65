import { Combobox, Pill, PillsInput, useCombobox } from '@mantine/core';
import { useState } from 'react';
import { useModel } from '@/api/application-model';
import { nameOf } from '@/api/selection';
import type { RecordValues } from '@/api/records';
import { useTexts } from '@/lib/i18n/text';
import { RecordOptions } from '../lookup/record-options';
import { targetsOf } from '../lookup/reference';
import { useLookupSearch } from '../lookup/search';
import type { EditorProps } from '../field-ui';
import { frameOf } from '../frame';
import { linkedRecords } from './cell';

/** Points to any number of records. */
export function LinksEditor(editor: EditorProps) {
  const t = useTexts();
  const model = useModel();
  const { field, values, onChange, readOnly } = editor;
  const target = targetsOf(model, field)[0];
  const linked = linkedRecords({ field, values });
  const [typed, setTyped] = useState('');
  const combobox = useCombobox({ onDropdownClose: () => setTyped('') });
  const found = useLookupSearch(target, typed, combobox.dropdownOpened);
  const free = found.data?.filter((row) => !linked.some((each) => each['id'] === row.id));
  const change = (next: RecordValues[]) => onChange({ [field.name]: next });
  const add = (id: string) => {
    const row = free?.find((each) => each.id === id);
    if (row) change([...linked, row]);
    setTyped('');
  };
  const { autoFocus, 'aria-label': ariaLabel, id, 'aria-required': ariaRequired, ...frame } = frameOf(editor);
  return (
    <Combobox store={combobox} onOptionSubmit={add} withinPortal position="bottom-start">
      <Combobox.DropdownTarget>
        <PillsInput {...frame} labelProps={{ htmlFor: id }} onClick={() => readOnly || combobox.openDropdown()}>
          <Pill.Group>
            {linked.map((each) => (
              <Pill key={String(each['id'])} withRemoveButton={!readOnly} onRemove={() => change(linked.filter((other) => other !== each))}>
                {nameOf(model, target, each) ?? String(each['id']).slice(0, 8)}
              </Pill>
            ))}
            {readOnly ? null : (
              <Combobox.EventsTarget>
                <PillsInput.Field
                  id={id}
                  autoFocus={autoFocus}
                  aria-label={ariaLabel}
                  aria-required={ariaRequired}
                  placeholder={linked.length ? '' : t('links.placeholder')}
                  value={typed}
                  onFocus={() => combobox.openDropdown()}
                  onBlur={() => combobox.closeDropdown()}
                  onChange={(event) => {
                    setTyped(event.currentTarget.value);
                    combobox.openDropdown();
                    combobox.selectFirstOption();
                  }}
                  onKeyDown={(event) => {
                    if (event.key === 'Backspace' && typed === '' && linked.length > 0) change(linked.slice(0, -1));
                  }}
                />
              </Combobox.EventsTarget>
            )}
          </Pill.Group>
        </PillsInput>
      </Combobox.DropdownTarget>
      <Combobox.Dropdown>
        <Combobox.Options aria-label={target?.pluralLabel ?? field.label} mah={260} style={{ overflowY: 'auto' }}>
          {target ? <RecordOptions target={target} rows={free} loading={found.isFetching} failed={found.isError} /> : null}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
