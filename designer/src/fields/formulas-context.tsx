import { createContext, use } from 'react';
import type { Formulas } from './formulas';

/** Holds what runs formulas for everything below. */
export const FormulasContext = createContext<Formulas | null>(null);

/** Runs formulas over records. */
export function useFormulas(): Formulas {
  const formulas = use(FormulasContext);
  if (!formulas) throw new Error('useFormulas needs a FormulasContext above it.');
  return formulas;
}
