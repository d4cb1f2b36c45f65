import { MultiSelect, NumberInput, Select, TextInput } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import type { Field } from '@/api/model';
import { storedValue } from '@/fields/choice/options';
import type { FilterKind } from '@/fields/field-ui';
import { parseDate } from '@/lib/dates';
import { datePatternOf } from '@/lib/format';
import { useTexts } from '@/lib/i18n/text';
import type { Test } from '../hooks/condition';

interface TestValueProps {
  field: Field;
  kind: FilterKind;
  test: Test;
  onChange(value: Test['value']): void;
}

/** What a field is compared with. */
export function TestValue({ field, kind, test, onChange }: TestValueProps) {
  const t = useTexts();
  const label = t('filter.value');
  const { value } = test;
  const options = field.options?.map((option) => ({ value: String(option.value), label: option.label }));
  if (test.op === 'in' || test.op === 'notin') {
    const chosen = Array.isArray(value) ? value.map(String) : [];
    return <MultiSelect aria-label={label} placeholder={chosen.length ? '' : t('filter.pick')} data={options ?? []} value={chosen} onChange={(next) => onChange(next.map((each) => storedValue(field, each)))} />;
  }
  const single = Array.isArray(value) ? undefined : value;
  if (options) return <Select aria-label={label} placeholder={t('filter.pick')} data={options} value={single === undefined ? null : String(single)} searchable={options.length > 8} onChange={(next) => onChange(next === null ? undefined : storedValue(field, next))} />;
  if (kind === 'number') return <NumberInput hideControls aria-label={label} value={single ?? ''} onChange={(next) => onChange(typeof next === 'number' ? next : undefined)} />;
  if (kind === 'date') {
    const pattern = datePatternOf(t.language);
    return (
      <DateInput
        aria-label={label}
        placeholder={pattern.toLowerCase()}
        valueFormat={pattern}
        previousLabel={t('calendar.previous')}
        nextLabel={t('calendar.next')}
        dateParser={(text) => parseDate(text, pattern)}
        value={typeof single === 'string' ? single : null}
        onChange={(next) => onChange(next ?? undefined)}
      />
    );
  }
  return <TextInput aria-label={label} value={single === undefined ? '' : String(single)} onChange={(event) => onChange(event.currentTarget.value)} />;
}
