import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '@/api/api-context';
import { compileFormula } from '@/formula/formula';
import { FormulaError } from '@/formula/syntax';
import { formulaCheckQuery } from '../api/formula-check';

/** Milliseconds after the last key until the server is asked. */
const pause = 400;

/** What is wrong with a formula while it is written: at once what the browser sees, then what the server knows of fields and kinds. */
export function useFormulaCheck(entity: string, formula: string, field?: string): string | undefined {
  const api = useApi();
  const [settled] = useDebouncedValue(formula.trim(), pause);
  const read = formula.trim() === '' ? undefined : compileFormula(formula);
  const isReadable = read !== undefined && !(read instanceof FormulaError);
  const check = useQuery({ ...formulaCheckQuery(api, entity, settled, field), enabled: isReadable && settled === formula.trim() && settled !== '' });
  if (read instanceof FormulaError) return `${read.message} ${read.remedy}`;
  if (!isReadable || settled !== formula.trim()) return undefined;
  const [first] = check.data ?? [];
  return first && `${first.message} ${first.remedy}`;
}
