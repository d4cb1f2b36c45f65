import { MultiSelect, NumberInput, TagsInput, TextInput } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState, type ComponentType } from 'react';
import { useModel } from '@/api/application-model';
import type { Entity, Field } from '@/api/model';
import { nameOf } from '@/api/selection';
import { OptionItem } from '@/fields/choice/option-item';
import { storedValue } from '@/fields/choice/options';
import type { FilterKind } from '@/fields/field-ui';
import { LookupBox } from '@/fields/lookup/lookup-box';
import { targetsOf } from '@/fields/lookup/reference';
import { parseDate } from '@/lib/dates';
import { datePatternOf } from '@/lib/format';
import { useTexts } from '@/lib/i18n/text';
import type { Condition } from '../hooks/conditions';

interface FilterValueProps {
  entity: Entity;
  field: Field;
  kind: FilterKind;
  condition: Condition;
  onChange(condition: Condition): void;
}

function TypedValue({ kind, condition, onChange }: FilterValueProps) {
  const t = useTexts();
  const [typed, setTyped] = useState<string | number>(Array.isArray(condition.value) ? '' : (condition.value ?? ''));
  const report = useDebouncedCallback((value: string | number) => onChange({ ...condition, value: value === '' ? undefined : value }), 300);
  const change = (value: string | number) => {
    setTyped(value);
    report(value);
  };
  const label = t('filter.value');
  if (kind === 'number') return <NumberInput hideControls aria-label={label} placeholder={label} value={typed} onChange={change} />;
  return <TextInput aria-label={label} placeholder={label} value={typed} onChange={(event) => change(event.currentTarget.value)} />;
}

function DayValue({ condition, onChange }: FilterValueProps) {
  const t = useTexts();
  const pattern = datePatternOf(t.language);
  return (
    <DateInput
      aria-label={t('filter.value')}
      placeholder={pattern.toLowerCase()}
      valueFormat={pattern}
      previousLabel={t('calendar.previous')}
      nextLabel={t('calendar.next')}
      dateParser={(text) => parseDate(text, pattern)}
      value={typeof condition.value === 'string' ? condition.value : null}
      onChange={(value) => onChange({ ...condition, value: value ?? undefined })}
    />
  );
}

function OptionsValue({ field, condition, onChange }: FilterValueProps) {
  const t = useTexts();
  const data = (field.options ?? []).map((option) => ({ value: String(option.value), label: option.label }));
  const chosen = Array.isArray(condition.value) ? condition.value.map(String) : [];
  return (
    <MultiSelect
      aria-label={t('filter.value')}
      placeholder={chosen.length ? '' : t('filter.pick')}
      data={data}
      value={chosen}
      renderOption={({ option, checked }) => <OptionItem field={field} value={option.value} label={option.label} checked={checked ?? false} />}
      onChange={(next) => onChange({ ...condition, value: next.map((each) => storedValue(field, each)) })}
    />
  );
}

function WordsValue({ condition, onChange }: FilterValueProps) {
  const t = useTexts();
  const words = Array.isArray(condition.value) ? condition.value.map(String) : [];
  return (
    <TagsInput
      aria-label={t('filter.value')}
      placeholder={words.length ? '' : t('filter.value')}
      acceptValueOnBlur
      splitChars={[',', ';']}
      value={words}
      onChange={(next) => onChange({ ...condition, value: next })}
    />
  );
}

function RecordValue({ entity, field, condition, onChange }: FilterValueProps) {
  const model = useModel();
  const target = targetsOf(model, field)[0];
  if (!target) return null;
  const id = typeof condition.value === 'string' ? condition.value : '';
  const editor = { entity, field, values: {}, id: `filter-${field.name}`, required: false, readOnly: false, compact: false, onChange: () => undefined };
  return (
    <LookupBox
      editor={{ ...editor, field: { ...field, label: '' } }}
      target={target}
      reference={id ? { id, entity: undefined, name: condition.label ?? id.slice(0, 8) } : null}
      onPick={(record) => onChange({ ...condition, value: record?.id, label: nameOf(model, target, record) })}
    />
  );
}

const inputs: Record<FilterKind, ComponentType<FilterValueProps>> = {
  text: TypedValue,
  number: TypedValue,
  date: DayValue,
  datetime: DayValue,
  choice: OptionsValue,
  choices: OptionsValue,
  tags: WordsValue,
  reference: RecordValue,
  boolean: TypedValue,
  none: TypedValue,
};

/** What a field is compared with. */
export function FilterValue(props: FilterValueProps) {
  const Input = inputs[props.kind];
  return <Input key={`${props.field.name}:${props.condition.op}`} {...props} />;
}
