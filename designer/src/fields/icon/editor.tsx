import { Select } from '@mantine/core';
import { useEffect, useState } from 'react';
import { Icon } from '@/ui/icon';
import { columnOf, type EditorProps } from '../field-ui';
import { frameOf } from '../frame';

function useIconNames(): string[] {
  const [names, setNames] = useState<string[]>([]);
  useEffect(() => {
    void import('@/ui/icon-set').then((set) => setNames(Object.keys(set).sort()));
  }, []);
  return names;
}

/** One of the icons. */
export function IconEditor(editor: EditorProps) {
  const column = columnOf(editor.field);
  const value = editor.values[column];
  const name = typeof value === 'string' ? value : null;
  const names = useIconNames();
  return (
    <Select
      {...frameOf(editor)}
      data={name && !names.includes(name) ? [name, ...names] : names}
      searchable
      clearable={!editor.required}
      limit={60}
      leftSection={name ? <Icon name={name} size={16} /> : undefined}
      value={name}
      renderOption={({ option }) => (
        <span style={{ display: 'flex', alignItems: 'center', gap: 8 }}>
          <Icon name={option.value} size={16} /> {option.label}
        </span>
      )}
      onChange={(next) => editor.onChange({ [column]: next })}
    />
  );
}
