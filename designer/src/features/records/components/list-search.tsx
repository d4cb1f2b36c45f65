import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTexts } from '@/lib/i18n/text';
import styles from './list.module.css';

/** Searches a list while one types. */
export function ListSearch({ name, value, onChange }: { name: string; value: string; onChange(value: string): void }) {
  const t = useTexts();
  const [typed, setTyped] = useState(value);
  const [last, setLast] = useState(value);
  const report = useDebouncedCallback(onChange, 250);
  if (value !== last) {
    setLast(value);
    if (value === '') setTyped('');
  }
  const change = (text: string) => {
    setTyped(text);
    report(text.trim());
  };
  const label = t('list.search', { name });
  return (
    <TextInput
      className={styles.search}
      type="search"
      role="searchbox"
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={15} stroke={1.7} aria-hidden />}
      rightSection={typed ? <CloseButton size="xs" aria-label={t('field.clear', { field: label })} onClick={() => change('')} /> : undefined}
      value={typed}
      onChange={(event) => change(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') change('');
      }}
    />
  );
}
