import { Icon } from '@/ui/icon';
import { valueOf, type CellProps } from '../field-ui';

/** The icon itself. */
export function IconCell(props: CellProps) {
  const value = valueOf(props);
  return typeof value === 'string' ? <Icon name={value} size={16} /> : null;
}
