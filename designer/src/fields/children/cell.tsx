import { useTexts } from '@/lib/i18n/text';
import type { CellProps } from '../field-ui';
import { rowsOf } from './rows';

/** How many child records there are. */
export function ChildrenCell({ field, values }: CellProps) {
  const t = useTexts();
  const count = rowsOf(field, values).length;
  return count > 0 ? <>{t('children.count', { count })}</> : null;
}
