import { createContext, use } from 'react';
import type { FieldEditors, FieldRegistry, FieldUi } from './field-ui';
import { unknown } from './unknown';

/** Holds the registry for everything below. */
export const FieldsContext = createContext<FieldRegistry>(new Map());

/** Holds the editors for everything below: only pages with forms load them. */
export const EditorsContext = createContext<FieldEditors>({});

/** Finds the face of a type; a visible placeholder for a type that has none. */
export function useFieldUi(): (type: string) => FieldUi {
  const registry = use(FieldsContext);
  return (type) => registry.get(type) ?? unknown;
}

/** The editors, by the name of their type. */
export function useFieldEditors(): FieldEditors {
  return use(EditorsContext);
}
