import type { FieldError } from '@/api/client';
import type { Entity, Field } from '@/api/model';
import type { RecordValues } from '@/api/records';
import { columnOf, isEmpty, type RowErrors } from '@/fields/field-ui';
import type { Texts } from '@/lib/i18n/text';
import { fieldOfProperty } from './form-values';

/** What is wrong in a form: by field, by row of a field's grid, and with the record as a whole. */
export interface FormErrors {
  fields: Record<string, string>;
  rows: Record<string, RowErrors>;
  record: string[];
}

/** A form without errors. */
export const noErrors: FormErrors = { fields: {}, rows: {}, record: [] };

/** Whether there is any. */
export function hasErrors({ fields, rows, record }: FormErrors): boolean {
  return Object.keys(fields).length > 0 || Object.keys(rows).length > 0 || record.length > 0;
}

const rowPath = /^(\w+)(?:\[(\d+)\]|[/.](\d+))[/.]?(\w+)?/;

/** Places what the server found wrong at the fields that it names. */
export function serverErrors(entity: Entity, childOf: (field: Field) => Entity | undefined, errors: FieldError[], message: string): FormErrors {
  const placed: FormErrors = { fields: {}, rows: {}, record: [] };
  for (const error of errors) {
    const path = rowPath.exec(error.field ?? '');
    const field = error.field ? fieldOfProperty(entity, path?.[1] ?? error.field.split(/[/.]/)[0] ?? '') : undefined;
    const child = field && path ? childOf(field) : undefined;
    const childField = child && path?.[4] ? fieldOfProperty(child, path[4]) : undefined;
    if (!field) placed.record.push(error.message);
    else if (path && childField) {
      const rows = (placed.rows[field.name] ??= {});
      (rows[Number(path[2] ?? path[3])] ??= {})[childField.name] = error.message;
    } else placed.fields[field.name] = error.message;
  }
  if (!hasErrors(placed)) placed.record.push(message);
  return placed;
}

function textError(field: Field, value: string, t: Texts): string | undefined {
  if (field.maxLength && value.length > field.maxLength) return t('field.tooLong', { max: field.maxLength });
  if (field.type === 'email' && !/^\S+@\S+$/.test(value)) return t('field.email');
  if (field.type === 'url' && !/^https?:\/\//i.test(value)) return t('field.url');
  if (!field.pattern) return undefined;
  try {
    return new RegExp(`^(?:${field.pattern})$`, 'u').test(value) ? undefined : t('field.pattern');
  } catch {
    return undefined;
  }
}

function rangeError(field: Field, value: number, t: Texts): string | undefined {
  if (typeof field.min === 'number' && value < field.min) return t('field.min', { min: field.min });
  if (typeof field.max === 'number' && value > field.max) return t('field.max', { max: field.max });
  return undefined;
}

/** Whether a field has no value: no main value, or none of its parts. */
function isMissing(field: Field, values: RecordValues): boolean {
  if (field.columns.length === 0) return isEmpty(values[field.name]);
  const parts = field.columns.filter((column) => column.part && column.part !== 'currency' && column.part !== 'base' && column.part !== 'type');
  return isEmpty(values[columnOf(field)]) && parts.every((part) => isEmpty(values[part.name]));
}

/** Checks one field before the server does; undefined where nothing is wrong. */
export function checkField(field: Field, values: RecordValues, required: boolean, t: Texts): string | undefined {
  if (isMissing(field, values)) return required ? t('field.required', { field: field.label }) : undefined;
  const value = values[columnOf(field)];
  if (typeof value === 'string' && field.kind !== 'number') return textError(field, value, t);
  return typeof value === 'number' ? rangeError(field, value, t) : undefined;
}
