import { MultiSelect, TagsInput } from '@mantine/core';
import { OptionItem } from '../choice/option-item';
import { offeredOptions, storedValue } from '../choice/options';
import { columnOf, type EditorProps } from '../field-ui';
import { frameOf } from '../frame';

/** Several values of a list, and others where the field allows it. */
export function ChoicesEditor(editor: EditorProps) {
  const { field, values } = editor;
  const column = columnOf(field);
  const chosen = Array.isArray(values[column]) ? (values[column] as unknown[]) : [];
  const data = offeredOptions(field, values, chosen).map((option) => ({ value: String(option.value), label: option.label }));
  const common = {
    ...frameOf(editor),
    value: chosen.map(String),
    onChange: (next: string[]) => editor.onChange({ [column]: next.length ? next.map((each) => storedValue(field, each)) : null }),
  };
  if (field.allowOther) return <TagsInput {...common} data={data} />;
  return (
    <MultiSelect
      {...common}
      data={data}
      searchable
      hidePickedOptions
      clearable={!editor.compact}
      renderOption={({ option }) => <OptionItem field={field} value={option.value} label={option.label} checked={false} />}
    />
  );
}
