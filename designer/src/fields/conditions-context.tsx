import { createContext, use } from 'react';
import type { ConditionRunner } from './conditions';

/** Holds what decides formulas for everything below. */
export const ConditionsContext = createContext<ConditionRunner>(() => undefined);

/** Decides formulas over records. */
export function useConditionRunner(): ConditionRunner {
  return use(ConditionsContext);
}
