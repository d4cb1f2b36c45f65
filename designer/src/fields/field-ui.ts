import type { ComponentType } from 'react';
import type { Entity, Field } from '@/api/model';
import type { RecordValues } from '@/api/records';

/** Messages by row number, then by field name. */
export type RowErrors = Record<number, Record<string, string>>;

/** What an editor gets: the whole record's values, of which it changes those of its field. */
export interface EditorProps {
  entity: Entity;
  field: Field;
  values: RecordValues;
  onChange(changes: RecordValues): void;
  /** Id of the control that a label or an error summary points to. */
  id: string;
  required: boolean;
  readOnly: boolean;
  error?: string | undefined;
  /** Errors of child rows, by row number and field name. */
  rowErrors?: RowErrors | undefined;
  /** In the cell of a grid: no label, no frame. */
  compact?: boolean;
  autoFocus?: boolean;
}

/** What a cell gets: the values of the record that has the field. */
export interface CellProps {
  field: Field;
  values: RecordValues;
}

/** Which comparisons a list offers for a type. */
export type FilterKind = 'text' | 'number' | 'date' | 'datetime' | 'boolean' | 'choice' | 'choices' | 'tags' | 'reference' | 'none';

/** The face of one field type; its editor is found by {@link FieldEditors}. */
export interface FieldUi {
  cell: ComponentType<CellProps>;
  filter: FilterKind;
  /** Takes the whole row of a section. */
  wide?: boolean;
  /** The editor shows a read-only state itself; the others are replaced by their cell. */
  showsReadOnly?: boolean;
  /** Numbers stand at the end of a column. */
  alignEnd?: boolean;
  /** Can rows be ordered by it. */
  sortable?: boolean;
  /** Width of a list column in pixels. */
  width: number;
}

/** The face of each type, by name. */
export type FieldRegistry = ReadonlyMap<string, FieldUi>;

/** The editor of each type, by name. */
export type FieldEditors = Readonly<Record<string, ComponentType<EditorProps> | undefined>>;

/** Property of a field's main value, or of one of its parts. */
export function columnOf(field: Field, part?: string): string {
  if (!part) return field.columns[0]?.name ?? field.name;
  return field.columns.find((column) => column.part === part)?.name ?? `${field.name}_${part}`;
}

/** The main value of a field. */
export function valueOf({ field, values }: CellProps): unknown {
  return values[columnOf(field)];
}

/** Whether a value counts as none. */
export function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

/** Whether two values are stored alike: no value, an empty text and an empty list are one. */
export function sameValue(left: unknown, right: unknown): boolean {
  const normal = (value: unknown) => (value === undefined || value === '' || (Array.isArray(value) && value.length === 0) ? null : value);
  const [one, other] = [normal(left), normal(right)];
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
