import { IconCheck, IconMinus } from '@tabler/icons-react';
import { useTexts } from '@/lib/i18n/text';
import { valueOf, type CellProps } from '../field-ui';

/** A check mark, or a dash for no. */
export function BooleanCell(props: CellProps) {
  const t = useTexts();
  const value = valueOf(props);
  if (value === null || value === undefined) return null;
  return value === true ? (
    <IconCheck size={16} color="var(--x-success)" role="img" aria-label={t('field.yes')} />
  ) : (
    <IconMinus size={16} color="var(--x-faint)" role="img" aria-label={t('field.no')} />
  );
}
