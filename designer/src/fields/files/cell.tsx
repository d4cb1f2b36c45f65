import { valueOf, type CellProps } from '../field-ui';
import { useTexts } from '@/lib/i18n/text';

/** How many files there are. */
export function FilesCell(props: CellProps) {
  const t = useTexts();
  const value = valueOf(props);
  return Array.isArray(value) && value.length > 0 ? <>{t('file.count', { count: value.length })}</> : null;
}
