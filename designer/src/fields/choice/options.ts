import type { Field, Option } from '@/api/model';
import type { RecordValues } from '@/api/records';

/** The option of a stored value; undefined for a value outside the list. */
export function optionOf(field: Field, value: unknown): Option | undefined {
  return field.options?.find((option) => String(option.value) === String(value));
}

/** What can be chosen for a record: not retired, right for the parent field; what is chosen already stays. */
export function offeredOptions(field: Field, values: RecordValues, chosen: readonly unknown[]): Option[] {
  const parent = field.parent ? values[field.parent] : undefined;
  const isChosen = (option: Option) => chosen.some((value) => String(value) === String(option.value));
  const suitsParent = ({ when }: Option) => !field.parent || !when?.length || when.some((value) => String(value) === String(parent));
  return (field.options ?? []).filter((option) => isChosen(option) || (!option.retired && suitsParent(option)));
}

/** Turns the text of a list's item back into the stored value. */
export function storedValue(field: Field, text: string): string | number {
  return optionOf(field, text)?.value ?? text;
}
