import type { Action, Field, Parameter } from '@/api/model';
import type { RecordValues } from '@/api/records';
import { columnOf, isEmpty } from '@/fields/field-ui';

const columnTypes: Record<string, string> = { integer: 'integer', decimal: 'decimal', boolean: 'boolean', date: 'date', datetime: 'timestamp', lookup: 'uuid' };
const kinds: Record<string, string> = { integer: 'number', decimal: 'number', boolean: 'boolean', date: 'date', datetime: 'dateTime', lookup: 'reference' };

/** A parameter as a field, so that the editors of fields can ask for it. */
export function parameterField(parameter: Parameter): Field {
  const { name, type, label, description, required, min, max, maxLength, target } = parameter;
  return {
    name, type, label, description, required, min, max, maxLength,
    kind: kinds[type] ?? 'text',
    columns: [{ name: type === 'lookup' ? `${name}_id` : name, type: columnTypes[type] ?? 'text', part: '' }],
    readonly: false, visible: true, hidden: false, recommended: false, createOnly: false, unique: false, search: false, computed: false, system: false, writable: true, masked: false,
    allowOther: false, polymorphic: false,
    ...(type === 'decimal' ? { precision: 28, scale: 10 } : {}),
    ...(target ? { targets: [target] } : {}),
    ...(type === 'choice' ? { options: parameter.options.map((option) => ({ ...option, retired: false, when: [] })) } : {}),
  };
}

/** What the dialog of an action begins with. */
export function firstValues(action: Action): RecordValues {
  return Object.fromEntries(action.parameters.flatMap((parameter) => (isEmpty(parameter.default) ? [] : [[columnOf(parameterField(parameter)), parameter.default]])));
}

/** What is sent: the values by the names of the parameters. */
export function parametersOf(action: Action, values: RecordValues): RecordValues {
  return Object.fromEntries(action.parameters.map((parameter) => [parameter.name, values[columnOf(parameterField(parameter))]]).filter(([, value]) => !isEmpty(value)));
}

/** The parameters that must be given and are not. */
export function missingOf(action: Action, values: RecordValues): Parameter[] {
  return action.parameters.filter((parameter) => parameter.required && isEmpty(values[columnOf(parameterField(parameter))]));
}
