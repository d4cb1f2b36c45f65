import { useMemo, type ReactNode } from 'react';
import { useModel } from '@/api/application-model';
import { Formulas } from './formulas';
import { FormulasContext } from './formulas-context';

/** Lets everything below run the formulas of the model. */
export function FormulasProvider({ children }: { children: ReactNode }) {
  const model = useModel();
  const formulas = useMemo(() => new Formulas(model), [model]);
  return <FormulasContext value={formulas}>{children}</FormulasContext>;
}
