import { Autocomplete, Select } from '@mantine/core';
import { Dot } from '@/ui/badge';
import { columnOf, isEmpty, type EditorProps } from '../field-ui';
import { frameOf } from '../frame';
import { OptionItem } from './option-item';
import { offeredOptions, optionOf, storedValue } from './options';

/** One of several values, or another one where the field allows it. */
export function ChoiceEditor(editor: EditorProps) {
  const { field, values } = editor;
  const column = columnOf(field);
  const value = values[column];
  const options = offeredOptions(field, values, isEmpty(value) ? [] : [value]);
  if (field.allowOther) {
    const byLabel = (text: string) => options.find((option) => option.label === text)?.value ?? text;
    return (
      <Autocomplete
        {...frameOf(editor)}
        data={[...new Set(options.map((option) => option.label))]}
        value={isEmpty(value) ? '' : (optionOf(field, value)?.label ?? String(value))}
        onChange={(text) => editor.onChange({ [column]: text === '' ? null : byLabel(text) })}
      />
    );
  }
  const color = optionOf(field, value)?.color;
  return (
    <Select
      {...frameOf(editor)}
      data={options.map((option) => ({ value: String(option.value), label: option.label }))}
      value={isEmpty(value) ? null : String(value)}
      leftSection={color ? <Dot color={color} /> : undefined}
      leftSectionWidth={26}
      searchable={options.length > 8}
      clearable={!editor.required && !editor.compact}
      allowDeselect={!editor.required}
      comboboxProps={{ width: editor.compact ? 220 : 'target', position: 'bottom-start' }}
      renderOption={({ option, checked }) => <OptionItem field={field} value={option.value} label={option.label} checked={checked ?? false} />}
      onChange={(next) => editor.onChange({ [column]: next === null ? null : storedValue(field, next) })}
    />
  );
}
