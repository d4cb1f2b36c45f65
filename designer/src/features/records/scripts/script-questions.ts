import type { ApiClient } from '@/api/client';
import type { Entity, Field } from '@/api/model';
import type { ModelIndex } from '@/api/model-index';
import { getRecord, listRecords } from '@/api/records';
import { ApiError } from '@/api/client';
import { columnOf } from '@/fields/field-ui';
import type { Question } from './messages';
import { toScript } from './script-values';

const mostRecords = 1_000;
const usualRecords = 100;
const comparisons = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'];
const functions: Record<string, string> = { contains: 'contains', startsWith: 'startswith', endsWith: 'endswith' };

function literal(field: Field, value: unknown): string {
  if (value === null || value === undefined) return 'null';
  const isText = field.columns[0]?.type === 'text';
  if (isText) return `'${String(value as string).replaceAll("'", "''")}'`;
  const plain = String(value as string);
  if (!/^[\w.:+-]+$/.test(plain)) throw new Error(`'${plain}' is no value of ${field.name}.`);
  return plain;
}

function comparison(path: string, field: Field, name: string, value: unknown): string {
  const asked = functions[name];
  if (comparisons.includes(name)) return `${path} ${name} ${literal(field, value)}`;
  if (asked) return `${asked}(${path},'${String(value as string).replaceAll("'", "''")}')`;
  if (name === 'in' && Array.isArray(value)) return value.length === 0 ? 'false' : `${path} in (${value.map((each) => literal(field, each)).join(',')})`;
  throw new Error(`There is no comparison '${name}'.`);
}

/** Conditions of a script as OData. */
export function filterOf(model: ModelIndex, entity: Entity, where: Record<string, unknown>): string {
  const parts = Object.entries(where).map(([name, value]) => {
    if (name === 'or' && Array.isArray(value)) return `(${value.map((each) => `(${filterOf(model, entity, each as Record<string, unknown>)})`).join(' or ')})`;
    const found = model.path(entity, name);
    if (!found) throw new Error(`${entity.name} has no field '${name}'.`);
    const path = found.lookup ? `${found.lookup.name}/${columnOf(found.field)}` : columnOf(found.field);
    if (Array.isArray(value)) return comparison(path, found.field, 'in', value);
    if (typeof value !== 'object' || value === null) return comparison(path, found.field, 'eq', value);
    return Object.entries(value).map(([each, wanted]) => comparison(path, found.field, each, wanted)).join(' and ');
  });
  return parts.join(' and ');
}

function orderOf(model: ModelIndex, entity: Entity, orderBy: string | string[] | undefined): string | undefined {
  const parts = [orderBy ?? []].flat().map((each) => {
    const [name = '', direction] = each.trim().split(/\s+/);
    const found = model.path(entity, name);
    if (!found) throw new Error(`${entity.name} has no field '${name}'.`);
    return `${found.lookup ? `${found.lookup.name}/` : ''}${columnOf(found.field)}${direction === 'desc' ? ' desc' : ''}`;
  });
  return parts.length ? parts.join(',') : undefined;
}

/** Answers a script with what the person who looks at the form may see. */
export async function answerQuestion(api: ApiClient, model: ModelIndex, question: Question): Promise<unknown> {
  const entity = model.entity(question.entity);
  if (!entity) throw new Error(`There is no entity '${question.entity}'.`);
  if (question.kind === 'get') {
    if (!/^[0-9a-f-]{36}$/i.test(question.id)) return null;
    try {
      return toScript(entity, await getRecord(api, entity.plural, question.id, {}));
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return null;
      throw error;
    }
  }
  const { where, orderBy, limit = usualRecords } = question.options;
  const filter = where ? filterOf(model, entity, where) : undefined;
  const { rows } = await listRecords(api, entity.plural, { filter: filter || undefined, orderBy: orderOf(model, entity, orderBy), top: Math.min(mostRecords, Math.max(0, Math.trunc(limit))) });
  return rows.map((row) => toScript(entity, row));
}
