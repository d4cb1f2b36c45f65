import { useMemo, type ReactNode } from 'react';
import { useModel } from '@/api/application-model';
import { Formulas } from './formulas';
import { FormulasContext } from './formulas-context';
import { useSettings } from './use-settings';

/** Lets everything below run the formulas of the model, as soon as the settings that they may ask for are here. */
export function FormulasProvider({ children }: { children: ReactNode }) {
  const model = useModel();
  const settings = useSettings();
  const formulas = useMemo(() => settings && new Formulas(model, settings), [model, settings]);
  return formulas ? <FormulasContext value={formulas}>{children}</FormulasContext> : null;
}
