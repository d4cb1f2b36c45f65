import { Combobox, InputBase, useCombobox } from '@mantine/core';
import { IconSelector } from '@tabler/icons-react';
import { useState } from 'react';
import { useModel } from '@/api/application-model';
import type { Entity } from '@/api/model';
import type { StoredRecord } from '@/api/records';
import { nameOf } from '@/api/selection';
import { useTexts } from '@/lib/i18n/text';
import { RecordOptions } from './record-options';
import { useLookupSearch } from './search';

/** A person or team. */
export interface Principal {
  principal: string;
  kind: 'user' | 'team';
}

/** A person or team with its name. */
export type NamedPrincipal = Principal & { name: string };

interface PrincipalBoxProps {
  label: string;
  kinds: readonly Principal['kind'][];
  value: NamedPrincipal | null;
  placeholder: string;
  error?: string | undefined;
  /** Ids that are not offered. */
  without?: readonly string[];
  onPick(principal: NamedPrincipal | null): void;
}

/** Only those who are active. */
function filterOf(entity: Entity | undefined): string | undefined {
  return entity?.fields.some((field) => field.name === 'active') ? 'active eq true' : undefined;
}

function useFound(kind: Principal['kind'], typed: string, enabled: boolean) {
  const entity = useModel().entity(kind);
  const found = useLookupSearch(entity, typed, enabled, filterOf(entity));
  return { kind, entity, found };
}

/** Finds a person or a team while one types. */
export function PrincipalBox({ label, kinds, value, placeholder, error, without, onPick }: PrincipalBoxProps) {
  const t = useTexts();
  const model = useModel();
  const [typed, setTyped] = useState<string | null>(null);
  const combobox = useCombobox({ onDropdownClose: () => setTyped(null) });
  const opened = combobox.dropdownOpened;
  const people = useFound('user', typed ?? '', opened && kinds.includes('user'));
  const teams = useFound('team', typed ?? '', opened && kinds.includes('team'));
  const groups = [people, teams].filter(({ kind, entity }) => entity && kinds.includes(kind));
  const pick = (id: string) => {
    for (const { kind, entity, found } of groups) {
      const row = found.data?.find((each: StoredRecord) => each.id === id);
      if (row) onPick({ principal: id, kind, name: nameOf(model, entity, row) ?? id });
    }
    combobox.closeDropdown();
  };
  return (
    <Combobox store={combobox} onOptionSubmit={pick} withinPortal>
      <Combobox.Target withExpandedAttribute>
        <InputBase
          role="combobox"
          autoComplete="off"
          label={label}
          placeholder={value ? value.name : placeholder}
          error={error}
          value={typed ?? value?.name ?? ''}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            if (value && event.currentTarget.value === '') onPick(null);
            combobox.openDropdown();
            combobox.selectFirstOption();
          }}
          onClick={() => combobox.openDropdown()}
          onFocus={(event) => event.currentTarget.select()}
          onBlur={() => combobox.closeDropdown()}
          rightSection={<IconSelector size={14} color="var(--x-faint)" aria-hidden />}
          rightSectionPointerEvents="none"
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options aria-label={label} mah={280} style={{ overflowY: 'auto' }}>
          {groups.map(({ kind, entity, found }) =>
            entity ? (
              <Combobox.Group key={kind} label={t(`access.kind.${kind}`)}>
                <RecordOptions target={entity} rows={found.data?.filter((row) => !without?.includes(row.id))} loading={found.isFetching} failed={found.isError} />
              </Combobox.Group>
            ) : null,
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
