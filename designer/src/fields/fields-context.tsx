import { createContext, use } from 'react';
import type { FieldRegistry, FieldUi } from './field-ui';
import { unknown } from './unknown';

/** Holds the registry for everything below. */
export const FieldsContext = createContext<FieldRegistry>(new Map());

/** Finds the face of a type; a visible placeholder for a type that has none. */
export function useFieldUi(): (type: string) => FieldUi {
  const registry = use(FieldsContext);
  return (type) => registry.get(type) ?? unknown;
}
